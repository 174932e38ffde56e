// One DOM node for each chart: Plotly.react updates it in place, so that zoom and hover outlive new data.

const charts = new WeakMap()
let library

export default function ({ data, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".mnist-dash-chart")
  node.style.height = `${data.height}px`
  node.setAttribute("aria-label", data.alt)
  const chart = charts.get(node) ?? { mounts: 0, given: {} }
  charts.set(node, chart)
  const mount = ++chart.mounts
  chart.wanted = data
  loaded(data.script).then(() => show(node, chart, setTriggerValue))
  // A mount that another one has followed must not take down what that one shows.
  return () => chart.mounts === mount && close(node, chart)
}

// Draws until what is wanted stands there: a rerun may bring another figure while one is being drawn.
async function show(node, chart, setTriggerValue) {
  while (charts.get(node) === chart && !chart.drawing && chart.drawn !== chart.wanted.figure) {
    chart.drawing = true
    await draw(node, chart, chart.wanted)
    chart.drawing = false
  }
  if (charts.get(node) === chart) followTheme(node, chart, setTriggerValue)
}

function loaded(path) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = new URL(path, document.baseURI).href
    script.onload = resolve
    script.onerror = () => {
      script.remove()
      library = undefined
      reject(new Error(`The chart library ${script.src} could not be loaded. Reload the page.`))
    }
    document.head.append(script)
  })
  return library
}

function observed(node) {
  const observer = new ResizeObserver(() => node.clientWidth && node.layout && window.Plotly.Plots.resize(node))
  observer.observe(node)
  return observer
}

async function draw(node, chart, { figure, config }) {
  const { data, layout } = JSON.parse(figure)
  keepZoom(node, layout, chart.given)
  Object.assign(chart, { drawn: figure, given: ranges(layout) })
  chart.observer ??= observed(node)
  // A finger on a chart means to scroll the page.
  if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false
  await window.Plotly.react(node, data, { ...layout, autosize: true, uirevision: "kept" }, config)
}

function ranges(layout) {
  const axes = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name) && layout[name].range)
  return Object.fromEntries(axes.map((name) => [name, [...layout[name].range]]))
}

// Plotly gives up a zoom as soon as the figure brings another range: what is zoomed keeps the range it had.
function keepZoom(node, layout, given) {
  for (const [name, before] of Object.entries(given)) {
    const shown = node.layout?.[name]?.range
    const zoomed = shown && shown.some((end, i) => end !== before[i])
    if (zoomed && layout[name]) layout[name].range = [...before]
  }
}

// The colours come with the figure, so a switch of theme asks for a new one.
function followTheme(node, chart, setTriggerValue) {
  const paper = getComputedStyle(node).getPropertyValue("--st-background-color")
  if (chart.paper && chart.paper !== paper) setTriggerValue("theme", paper)
  chart.paper = paper
}

function close(node, chart) {
  chart.observer?.disconnect()
  charts.delete(node)
  window.Plotly?.purge(node)
}
