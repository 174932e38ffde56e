// A sheet for one digit after another. What was kept stays here until the server has said that it is there.

const SIDE = 280
const BREADTH = 20
const NEAR = 1.5
// Fewer than the server takes.
const MOST_POINTS = 9_000
const MOST_STROKES = 400
// Without an answer, a digit is told again after so many milliseconds.
const PATIENCE = 8_000
const PHONE = "mnist-dash-phone"
const KEPT = "mnist-dash-class"

const sheets = new WeakMap()

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const node = parentElement.querySelector(".mnist-dash-phone")
  const sheet = sheets.get(node) ?? build(node)
  Object.assign(sheet, { data, send: (digit) => setTriggerValue("digit", digit) })
  if (data.asked === null) setStateValue("phone", phoneNumber(sheet))
  else follow(sheet)
  show(sheet)
  return () => setTimeout(() => node.isConnected || leave(sheet))
}

function build(node) {
  const [canvas, row] = ["canvas", "div"].map((tag) => document.createElement(tag))
  const sheet = { node, canvas, strokes: [], undo: button("Undo"), clear: button("Clear"), keep: button("Keep") }
  canvas.setAttribute("role", "img")
  row.append(sheet.undo, sheet.clear, sheet.keep)
  node.append(canvas, row)
  sheet.undo.onclick = () => change(sheet, sheet.strokes.slice(0, -1))
  sheet.clear.onclick = () => change(sheet, [])
  sheet.keep.onclick = () => keep(sheet)
  takePen(sheet)
  sheet.observer = new ResizeObserver(() => fit(sheet))
  sheet.observer.observe(canvas)
  sheets.set(node, sheet)
  return sheet
}

function button(words) {
  const made = document.createElement("button")
  made.type = "button"
  made.textContent = words
  return made
}

function leave(sheet) {
  clearTimeout(sheet.again)
  sheet.observer.disconnect()
  // The page may have gone in the middle of a stroke: its class was closed. A sheet that was asked for nothing yet knows
  // less than what is kept, and that of another class has what it needs there.
  if (sheet.asked !== undefined && recall(sessionStorage, KEPT)?.room === sheet.data.room) remember(sheet)
}

// Where a browser keeps nothing, every reload is another phone. An address without HTTPS has no randomUUID.
function phoneNumber(sheet) {
  sheet.phone ??= recall(localStorage, PHONE) ?? hex(16)
  store(localStorage, PHONE, sheet.phone)
  return sheet.phone
}

const hex = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("")

function recall(storage, name) {
  try {
    return JSON.parse(storage.getItem(name)) ?? undefined
  } catch {
    return undefined
  }
}

function store(storage, name, value) {
  try {
    storage.setItem(name, JSON.stringify(value))
  } catch {
    // Then it is remembered for as long as the page is not loaded again.
  }
}

// A new prompt, the end of what was told, or a page that was loaded again in the middle of it.
function follow(sheet) {
  const { asked, heard, refused, room } = sheet.data
  const isNew = sheet.asked === undefined
  if (isNew) {
    const kept = recall(sessionStorage, KEPT)
    if (kept?.room === room && (kept.told || kept.asked === asked)) Object.assign(sheet, kept)
    else sheet.asked = asked
  }
  if (sheet.told && sheet.told.id === heard) {
    clearTimeout(sheet.again)
    sheet.told = undefined
    if (!refused) sheet.strokes = []
  }
  // Not before: a class that was closed in between has refused it, and whoever wrote it says whether to keep it now.
  if (isNew && sheet.told) tell(sheet)
  if (!sheet.told) {
    // What stands there is another digit.
    if (sheet.asked !== asked) sheet.strokes = []
    if (!sheet.strokes.length) sheet.since = performance.now()
    sheet.asked = asked
    remember(sheet)
  }
}

function remember({ asked, data: { room }, strokes, told }) {
  store(sessionStorage, KEPT, { room, asked, strokes, told })
}

function keep(sheet) {
  if (!sheet.strokes.length || sheet.told) return
  const seconds = Math.round((performance.now() - sheet.since) / 10) / 100
  sheet.told = { id: hex(8), label: sheet.asked, strokes: sheet.strokes, seconds }
  remember(sheet)
  tell(sheet)
  show(sheet)
}

function tell(sheet) {
  clearTimeout(sheet.again)
  sheet.send(sheet.told)
  sheet.again = setTimeout(() => sheet.told && tell(sheet), PATIENCE)
}

function change(sheet, strokes) {
  if (sheet.told) return
  sheet.strokes = strokes
  remember(sheet)
  show(sheet)
}

function takePen(sheet) {
  const { canvas } = sheet
  let pen
  // A quick stroke would be taken for a fling of the page, which the next tap, on Keep, would only stop.
  canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false })
  canvas.onpointerdown = (event) => {
    const full = sheet.strokes.length >= MOST_STROKES || points(sheet) >= MOST_POINTS
    if (pen !== undefined || full || sheet.told || sheet.data.asked === null) return
    pen = event.pointerId
    canvas.setPointerCapture(pen)
    change(sheet, [...sheet.strokes, [BREADTH, 0, ...place(canvas, event)]])
  }
  canvas.onpointermove = (event) => {
    if (event.pointerId !== pen) return
    const moves = event.getCoalescedEvents?.() ?? []
    for (const move of moves.length ? moves : [event]) lengthen(sheet, place(canvas, move))
    draw(sheet)
  }
  canvas.onpointerup = canvas.onpointercancel = (event) => {
    if (event.pointerId !== pen) return
    pen = undefined
    remember(sheet)
  }
}

const points = ({ strokes }) => strokes.reduce((sum, stroke) => sum + stroke.length / 2, 0)

function place(canvas, { clientX, clientY }) {
  const { left, top, width } = canvas.getBoundingClientRect()
  const share = SIDE / width
  return [(clientX - left) * share, (clientY - top) * share].map((at) => Math.round(at * 10) / 10)
}

function lengthen(sheet, [x, y]) {
  const stroke = sheet.strokes.at(-1)
  const [beforeX, beforeY] = stroke.slice(-2)
  if (Math.hypot(x - beforeX, y - beforeY) >= NEAR && points(sheet) < MOST_POINTS) stroke.push(x, y)
}

function show(sheet) {
  const { canvas, clear, data, keep, node, strokes, told, undo } = sheet
  const idle = data.asked === null || Boolean(told)
  node.toggleAttribute("data-told", Boolean(told))
  canvas.setAttribute("aria-label", data.asked === null ? "Sheet to write on" : `Sheet to write a ${data.asked} on`)
  for (const each of [undo, clear, keep]) each.disabled = idle || !strokes.length
  keep.textContent = told ? "Sending" : "Keep"
  draw(sheet)
}

// As many pixels as the screen has, so that a stroke is as smooth as the digit will be.
function fit(sheet) {
  const side = Math.round(sheet.canvas.clientWidth * devicePixelRatio)
  if (!side || sheet.canvas.width === side) return
  Object.assign(sheet.canvas, { width: side, height: side })
  draw(sheet)
}

function draw({ canvas, strokes }) {
  const pen = canvas.getContext("2d")
  const share = canvas.width / SIDE
  pen.setTransform(share, 0, 0, share, 0, 0)
  pen.clearRect(0, 0, SIDE, SIDE)
  Object.assign(pen, { lineCap: "round", lineJoin: "round", strokeStyle: getComputedStyle(canvas).color })
  for (const [breadth, , ...way] of strokes) {
    pen.lineWidth = breadth
    pen.beginPath()
    pen.moveTo(way[0], way[1])
    for (let i = 0; i + 3 < way.length; i += 2)
      pen.quadraticCurveTo(way[i], way[i + 1], (way[i] + way[i + 2]) / 2, (way[i + 1] + way[i + 3]) / 2)
    pen.lineTo(way.at(-2) + breadth / 1000, way.at(-1))
    pen.stroke()
  }
}
