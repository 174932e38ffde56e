// Hundreds of digits from one picture: each tile shows its part of the sheet, enlarged without smoothing.

const grids = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".mnist-dash-tiles")
  const grid = grids.get(node) ?? build(node)
  grid.choose = (place) => setTriggerValue("chosen", grid.data.first + place)
  show(node, grid, data)
  followTheme(node, grid, setTriggerValue)
}

function build(node) {
  const grid = { tiles: [] }
  grids.set(node, grid)
  node.addEventListener("click", ({ target }) => grid.tiles.includes(target) && take(grid, grid.tiles.indexOf(target)))
  node.addEventListener("keydown", (event) => onKey(node, grid, event))
  return grid
}

function show(node, grid, data) {
  const { columns, names, side, sheet, label, first, chosen, tone } = data
  const wrong = new Set(data.wrong)
  grid.data = data
  node.setAttribute("aria-label", label)
  node.style.setProperty("--side", `${side}px`)
  node.style.setProperty("--wrong", tone)
  node.style.setProperty("--sheet-width", `${columns * side}px`)
  paint(node, grid, sheet)
  while (grid.tiles.length > names.length) grid.tiles.pop().remove()
  const more = Array.from({ length: names.length - grid.tiles.length }, tile)
  grid.tiles.push(...more)
  node.append(...more)
  grid.tiles.forEach((tile, place) => {
    tile.style.backgroundPosition = `${-(place % columns) * side}px ${-Math.floor(place / columns) * side}px`
    tile.title = names[place]
    tile.toggleAttribute("data-wrong", wrong.has(place))
    tile.setAttribute("aria-label", names[place])
  })
  mark(grid, chosen === null ? -1 : chosen - first)
}

// By a short address: a picture within the address would be read once for each of hundreds of tiles.
function paint(node, grid, sheet) {
  if (grid.sheet === sheet) return
  const bytes = Uint8Array.from(atob(sheet), (letter) => letter.charCodeAt(0))
  const before = grid.address
  grid.sheet = sheet
  grid.address = URL.createObjectURL(new Blob([bytes], { type: "image/png" }))
  node.style.setProperty("--sheet", `url(${grid.address})`)
  if (before) setTimeout(() => URL.revokeObjectURL(before), 1_000)
}

function tile() {
  const made = document.createElement("div")
  made.setAttribute("role", "option")
  return made
}

// One tile alone can be reached with Tab; from there the arrow keys go on.
function mark(grid, chosen) {
  grid.tiles.forEach((tile, place) => {
    tile.setAttribute("aria-selected", place === chosen)
    tile.tabIndex = place === Math.max(chosen, 0) ? 0 : -1
  })
}

function take(grid, place) {
  mark(grid, place)
  grid.choose(place)
}

function onKey(node, grid, event) {
  const at = grid.tiles.indexOf(event.target)
  const across = getComputedStyle(node).gridTemplateColumns.split(" ").length
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across, Home: -at, End: grid.tiles.length - 1 - at }
  if (event.key === "Enter" || event.key === " ") take(grid, at)
  else if (event.key in steps) grid.tiles[at + steps[event.key]]?.focus()
  else return
  event.preventDefault()
}

// The colours come with the sheet, so a switch of theme asks for a new one.
function followTheme(node, grid, setTriggerValue) {
  const paper = getComputedStyle(node).getPropertyValue("--st-background-color")
  if (grid.paper && grid.paper !== paper) setTriggerValue("theme", paper)
  grid.paper = paper
}
