// One DOM node for each chart: Plotly.react updates it in place, so that zoom, selection and hover outlive new data.

const charts = new WeakMap()
const numbers = {
  f8: Float64Array, f4: Float32Array, i4: Int32Array, u4: Uint32Array, i2: Int16Array, u2: Uint16Array, i1: Int8Array, u1: Uint8Array,
}
// Pixels that a figure takes at least. Between two layouts of a page there may be fewer for a moment, and Plotly would
// reckon with a plot of less than nothing.
const NARROWEST = 120
let library

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const node = parentElement.querySelector(".mnist-dash-chart")
  node.style.height = `${data.height}px`
  node.style.minWidth = `${data.least ?? 0}px`
  node.parentElement.style.overflowX = data.least ? "auto" : ""
  node.setAttribute("aria-label", data.alt)
  const chart = charts.get(node) ?? begin(node, data)
  if (data.of !== chart.wanted.of) settle(node, chart)
  chart.wanted = data
  chart.tell = (points) => setStateValue("selected", points.length ? { points, revision: chart.revision } : null)
  chart.press = (place) => setTriggerValue("clicked", place)
  if (data.sprite) takePicture(chart, data.sprite)
  chart.show = () => loaded(data.script).then(() => show(node, chart, setTriggerValue))
  chart.show()
  // Where new data comes while a mount begins, Streamlit ends that mount late: what stands on the page stays there.
  return () => setTimeout(() => node.isConnected || close(node, chart))
}

function begin(node, data) {
  const chart = { given: {}, points: data.selected ?? [], revision: data.revision, wanted: data }
  charts.set(node, chart)
  node.addEventListener("mnist-dash-draft", ({ detail }) => {
    chart.draft = detail ?? undefined
    chart.show()
  })
  node.addEventListener("mnist-dash-cursor", ({ detail }) => moveCursor(node, chart, detail))
  return chart
}

// The first shape of such a figure is a line to move.
function moveCursor(node, chart, x) {
  chart.cursor = x
  if (node.layout?.shapes?.length && !chart.drawing) window.Plotly.relayout(node, { "shapes[0].x0": x, "shapes[0].x1": x })
}

// The figure is of something new, and no draft of it is needed any more.
function settle(node, chart) {
  chart.draft = undefined
  node.dispatchEvent(new CustomEvent("mnist-dash-settled", { bubbles: true, composed: true }))
}

// Draws until what is wanted stands there: a rerun may bring another figure while one is being drawn.
async function show(node, chart, setTriggerValue) {
  while (charts.get(node) === chart && !chart.drawing && chart.drawn !== (chart.draft ?? chart.wanted.figure)) {
    chart.drawing = drawWanted(node, chart)
    await chart.drawing
    chart.drawing = undefined
  }
  if (charts.get(node) === chart) followTheme(node, chart, setTriggerValue)
}

// A chart that is pressed gives way to what that brings: images are seen before the cell that they belong to is framed.
async function drawWanted(node, chart) {
  if (chart.drawn && chart.wanted.clickable) await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
  if (charts.get(node) === chart) await draw(node, chart, { ...chart.wanted, figure: chart.draft ?? chart.wanted.figure })
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
  const observer = new ResizeObserver(() => node.clientWidth >= NARROWEST && node.layout && window.Plotly.Plots.resize(node))
  observer.observe(node)
  return observer
}

async function draw(node, chart, { figure, config, revision, selectable, sprite }) {
  const { data, layout } = JSON.parse(figure)
  // Another revision has other axes: no range of before means anything on them.
  if (chart.axes === revision) keepZoom(node, layout, chart.given)
  Object.assign(chart, { drawn: figure, given: ranges(layout), axes: revision })
  chart.observer ??= observed(node)
  if (chart.cursor !== undefined && layout.shapes?.length) Object.assign(layout.shapes[0], { x0: chart.cursor, x1: chart.cursor })
  if (selectable) layout.dragmode = "lasso"
  // A finger on a chart means to scroll the page.
  if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false
  const graphic = data.filter(({ type }) => type?.endsWith("gl"))
  if (graphic.length && !drawsWithWebGL()) graphic.forEach((trace) => (trace.type = trace.type.slice(0, -2)))
  if (selectable) keepSelection(node, chart, data, layout, revision)
  chart.words = data.map(({ hovertemplate }) => hovertemplate)
  if (sprite) takeOver(node, chart, data)
  const room = node.clientWidth && node.clientWidth < NARROWEST ? { width: NARROWEST } : {}
  await window.Plotly.react(node, data, { ...layout, ...room, autosize: true, uirevision: revision }, config)
  chart.heard ??= listen(node, chart)
}

// Where a machine has no WebGL, the same points are drawn as shapes: slower, but there.
let webgl
function drawsWithWebGL() {
  webgl ??= Boolean(document.createElement("canvas").getContext("webgl"))
  return webgl
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

// Other colours may sort the points into other traces: what was selected is found again by the points' own numbers.
function keepSelection(node, chart, data, layout, revision) {
  if (chart.revision !== revision) Object.assign(chart, { points: [], revision })
  else if (chart.points.length) layout.selections = node.layout?.selections
  if (!chart.points.length) return
  const selected = new Set(chart.points)
  for (const trace of data) {
    const places = placesOf(trace)
    trace.selectedpoints = places.flatMap((place, i) => (selected.has(place) ? [i] : []))
  }
}

// The first value of each point's customdata; Plotly's own JSON packs arrays of numbers.
function placesOf({ customdata }) {
  if (!customdata?.bdata) return (customdata ?? []).map(([place]) => place)
  const bytes = Uint8Array.from(atob(customdata.bdata), (letter) => letter.charCodeAt(0))
  const values = new numbers[customdata.dtype](bytes.buffer)
  const width = Number(String(customdata.shape ?? 1).split(",")[1] ?? 1)
  return Array.from({ length: values.length / width }, (_, i) => values[i * width])
}

function listen(node, chart) {
  node.on("plotly_selected", (event) => event && select(node, chart, event.points.map(placeOf)))
  node.on("plotly_deselect", () => select(node, chart, []))
  node.on("plotly_click", ({ points: [point] }) => chart.wanted.clickable && point.customdata && chart.press(placeOf(point)))
  node.on("plotly_hover", ({ points: [point], event }) => chart.card && point.customdata && pointAt(chart, point, event))
  node.on("plotly_unhover", () => hide(chart))
  node.addEventListener("pointerleave", () => hide(chart))
  return true
}

const placeOf = ({ customdata }) => Number(customdata[0])

function select(node, chart, found) {
  if (!chart.wanted.selectable) return
  const points = [...new Set(found)].sort((one, other) => one - other)
  const same = String(points) === String(chart.points)
  chart.points = points
  // An outline around nothing would leave every point pale.
  if (!points.length) window.Plotly.update(node, { selectedpoints: null }, { selections: [] })
  if (!same) chart.tell(points)
}

// The picture is on its way while the chart is drawn.
function takePicture(chart, sprite) {
  if (chart.sprite?.address !== sprite.address) {
    chart.picture = new Image()
    chart.picture.src = new URL(sprite.address, document.baseURI).href
  }
  chart.sprite = sprite
}

// The digit under the pointer, instead of Plotly's own label.
function takeOver(node, chart, data) {
  chart.card ??= card(node)
  for (const trace of data) {
    if (!trace.customdata) continue
    delete trace.hovertemplate
    trace.hoverinfo = "none"
  }
}

function card(node) {
  const made = document.createElement("div")
  made.className = "mnist-dash-digit"
  // In the layer above everything else: nothing of the page can cut it off.
  made.popover = "manual"
  made.append(document.createElement("canvas"), document.createElement("span"))
  node.after(made)
  return made
}

function pointAt(chart, point, { clientX, clientY }) {
  const { card } = chart
  card.lastChild.textContent = inWords(chart.words[point.curveNumber], point.customdata)
  const paint = () => inked(card.firstChild, chart, placeOf(point))
  chart.picture.onload = paint
  if (chart.picture.complete) paint()
  card.showPopover()
  const { width, height } = card.getBoundingClientRect()
  card.style.left = `${beside(clientX, width, innerWidth)}px`
  card.style.top = `${beside(clientY, height, innerHeight)}px`
}

function hide({ card }) {
  if (card?.matches(":popover-open")) card.hidePopover()
}

// Right of the pointer or below it, or on its other side where there is no room.
function beside(at, size, room) {
  const wanted = at + 16 + size > room - 8 ? at - 16 - size : at + 16
  return Math.max(8, Math.min(wanted, room - 8 - size))
}

function inWords(template, values) {
  const told = (_, i, format) => (format?.endsWith("f") ? values[i].toFixed(1) : Number(values[i]).toLocaleString("en"))
  const filled = template.replace(/<extra>.*<\/extra>/, "").replace(/%\{customdata\[(\d+)\](?::([^}]*))?\}/g, told)
  return filled.replaceAll("<br>", "\n").replace(/<\/?b>/g, "")
}

// White on black in the picture, ink on the theme's paper here.
function inked(canvas, { picture, sprite: { columns, side } }, place) {
  canvas.width = canvas.height = side
  const pen = canvas.getContext("2d", { willReadFrequently: true })
  const [x, y] = [(place % columns) * side, Math.floor(place / columns) * side]
  pen.drawImage(picture, x, y, side, side, 0, 0, side, side)
  const pixels = pen.getImageData(0, 0, side, side)
  for (let i = 0; i < pixels.data.length; i += 4) pixels.data[i + 3] = pixels.data[i]
  pen.putImageData(pixels, 0, 0)
  pen.globalCompositeOperation = "source-in"
  pen.fillStyle = getComputedStyle(canvas).color
  pen.fillRect(0, 0, side, side)
}

// The colours come with the figure, so a switch of theme asks for a new one.
function followTheme(node, chart, setTriggerValue) {
  const paper = getComputedStyle(node).getPropertyValue("--st-background-color")
  if (chart.paper && chart.paper !== paper) setTriggerValue("theme", paper)
  chart.paper = paper
}

async function close(node, chart) {
  charts.delete(node)
  // Plotly fails where the ground is taken away under a figure that it is drawing.
  await chart.drawing
  chart.observer?.disconnect()
  chart.card?.remove()
  window.Plotly?.purge(node)
}
