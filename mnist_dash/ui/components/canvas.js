// Holds the canvas of streamlit-drawable-canvas: sees to what it leaves open, through what it shows on the page.

const HINT = "Draw with mouse, finger or arrow keys"
const UP = "Pen up. Arrow keys move it, Space lowers it"
const DOWN = "Pen down. Arrow keys draw, Space lifts it"
const STEP = 10
const FINE = 2
const SHORTCUTS = { z: "undo", "Shift+z": "redo", y: "redo" }
const WRITTEN = "input:not([type=radio], [type=checkbox], [type=range]), textarea, [contenteditable=true]"
const PRESSED = "button, a, summary, [role=radio], [role=option]"
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

const easels = new WeakMap()

// streamlit-drawable-canvas fills its sheet a moment after it is asked to, and complains where Streamlit has taken the
// sheet down in between: its drawing context is gone, and nothing is lost by that.
window.addEventListener("unhandledrejection", (event) => {
  if (event.reason instanceof TypeError && event.reason.message.includes("clearRect")) event.preventDefault()
})

export default function ({ data, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".mnist-dash-easel")
  const easel = easels.get(node) ?? { words: node, at: [140, 140], held: new Set(), unkept: [], next: 0 }
  easels.set(node, easel)
  easel.data = data
  forget(easel)
  keep(easel, setTriggerValue)
  if (easel.canvas?.isConnected) show(easel)
  else seek(node, easel)
  return () => setTimeout(() => node.isConnected || leave(node, easel))
}

// The tab keeps the drawing: no other tab sees it, and it goes with the tab. Private windows may refuse to keep any.
function keep(easel, setTriggerValue) {
  try {
    if (easel.data.kept !== null) sessionStorage.setItem(easel.data.memory, easel.data.kept)
    else if (!easel.asked) {
      const found = sessionStorage.getItem(easel.data.memory)
      if (found) setTriggerValue("found", found)
    }
  } catch {
    // Then the drawing lives as long as the page.
  }
  easel.asked = easel.data.kept === null
}

// The canvas comes a moment later than this: its program must be loaded.
function seek(node, easel) {
  if (easels.get(node) !== easel || easel.canvas?.isConnected) return
  const place = document.querySelector(`.st-key-${easel.data.canvas}`)
  const host = [...(place?.querySelectorAll("*") ?? [])].find(({ shadowRoot }) => shadowRoot?.querySelector(".upper-canvas"))
  if (host) hold(easel, place, host.shadowRoot)
  else requestAnimationFrame(() => seek(node, easel))
}

function hold(easel, place, root) {
  letGo(easel)
  Object.assign(easel, {
    place,
    room: place.parentElement,
    gone: new AbortController(),
    canvas: root.querySelector(".upper-canvas"),
    box: root.querySelector(".dc-container"),
    tools: root.querySelector(".dc-toolbar"),
    send: root.querySelector("[aria-label='Update the app with this drawing']"),
  })
  // Its own tools would do the same as those below it, but differently, and are in sight under a mouse only.
  easel.tools.style.visibility = "hidden"
  easel.observer = new ResizeObserver(() => fit(easel))
  for (const sized of [easel.room, easel.canvas]) easel.observer.observe(sized)
  tellAtOnce(easel)
  draft(easel)
  takeShortcuts(easel)
  takeKeys(easel)
  show(easel)
}

// Its button for sending cuts the canvas' 200 ms short, so that no stroke is lost to whoever leaves the page at once.
function tellAtOnce(easel) {
  const { canvas, gone, send } = easel
  const options = { signal: gone.signal, passive: true }
  let drawing = false
  const begin = () => (drawing = true)
  const end = ({ touches }) => {
    if (!drawing || touches?.length) return
    drawing = false
    // Once the canvas has made a stroke of it.
    setTimeout(() => send?.click())
  }
  for (const type of ["mousedown", "touchstart"]) canvas.addEventListener(type, begin, options)
  for (const type of ["mouseup", "touchend", "touchcancel"]) document.addEventListener(type, end, options)
}

// A canvas that is too wide for its place is shown smaller; it goes on counting in pixels of its own.
function fit({ box, canvas, place, room }) {
  const share = Math.min(1, room.clientWidth / canvas.width)
  box.style.transformOrigin = "0 0"
  box.style.transform = share < 1 ? `scale(${share})` : ""
  box.style.marginRight = `${(share - 1) * canvas.width}px`
  box.style.marginBottom = `${(share - 1) * canvas.height}px`
  place.style.minHeight = `${share * canvas.height}px`
}

// What every hand knows, wherever the focus is, except where something is written; and the page's own keys. Enter is
// left to whatever it presses.
function takeShortcuts(easel) {
  const onKey = (event) => {
    const target = event.composedPath()[0]
    if (event.altKey || target.matches?.(WRITTEN)) return
    const held = event.ctrlKey || event.metaKey
    const name = held ? nameOf(easel.data, event) : ownKey(easel.data, event, target)
    if (!name) return
    event.preventDefault()
    document.querySelector(`.st-key-${name} button`)?.click()
  }
  document.addEventListener("keydown", onKey, { signal: easel.gone.signal })
}

const nameOf = (data, { key, shiftKey }) => data[SHORTCUTS[`${shiftKey ? "Shift+" : ""}${key.toLowerCase()}`]]

const ownKey = ({ shortcuts }, { key, repeat, shiftKey }, target) =>
  repeat || shiftKey || (key === "Enter" && target.matches?.(PRESSED)) ? undefined : shortcuts[key]

function takeKeys(easel) {
  const { box, gone } = easel
  const options = { signal: gone.signal }
  box.tabIndex = 0
  box.setAttribute("role", "application")
  box.setAttribute("aria-label", "Sheet to draw on. Arrow keys move the pen, Space lowers and lifts it")
  box.style.outline = "none"
  const line = "solid var(--st-primary-color)"
  easel.frame = mark(box, { border: `3px ${line}`, inset: 0 })
  easel.pen = mark(box, { border: `2px ${line}`, borderRadius: "50%", transform: "translate(-50%, -50%)" })
  // A hand with a mouse wants the arrow keys for the page.
  box.addEventListener("focus", () => listen(easel, box.matches(":focus-visible")), options)
  box.addEventListener("blur", () => listen(easel, false), options)
  box.addEventListener("keydown", (event) => onKey(easel, event), options)
  box.addEventListener("keyup", ({ key }) => easel.held.delete(key), options)
}

// Above the canvas, in its box: around it nothing would be seen, since that is cut off there.
function mark(box, style) {
  const made = document.createElement("div")
  const common = { boxSizing: "border-box", display: "none", pointerEvents: "none", position: "absolute", zIndex: 15 }
  Object.assign(made.style, common, style)
  box.append(made)
  return made
}

function listen(easel, keyed) {
  if (!keyed) lift(easel)
  easel.keyed = keyed
  easel.held.clear()
  show(easel)
}

function onKey(easel, event) {
  if (!easel.keyed || event.ctrlKey || event.metaKey || event.altKey) return
  const { key, shiftKey } = event
  if (key in ARROWS) {
    easel.held.add(key)
    move(easel, shiftKey ? FINE : STEP)
  } else if (key === " ") {
    if (event.repeat) return event.preventDefault()
    if (easel.down) lift(easel)
    else lower(easel)
  } else return
  event.preventDefault()
}

// Two keys that are held together lead across.
function move(easel, step) {
  const { at, canvas, down, held } = easel
  for (const key of held) ARROWS[key].forEach((way, i) => (at[i] += way * step))
  at[0] = Math.min(Math.max(at[0], 0), canvas.width)
  at[1] = Math.min(Math.max(at[1], 0), canvas.height)
  if (down) point(easel, "mousemove")
  show(easel)
}

function lower(easel) {
  easel.down = true
  point(easel, "mousedown")
  show(easel)
}

function lift(easel) {
  if (!easel.down) return
  easel.down = false
  point(easel, "mouseup")
  show(easel)
}

// The canvas draws for the keyboard what it would draw for a mouse.
function point({ at, canvas }, type) {
  const { left, top, width } = canvas.getBoundingClientRect()
  const [clientX, clientY] = [left + (at[0] * width) / canvas.width, top + (at[1] * width) / canvas.width]
  canvas.dispatchEvent(new MouseEvent(type, { bubbles: true, composed: true, cancelable: true, clientX, clientY }))
}

function show({ at, data, down, frame, keyed, pen, words }) {
  frame.style.display = keyed ? "" : "none"
  const side = `${data.breadth}px`
  Object.assign(pen.style, { display: keyed ? "" : "none", left: `${at[0]}px`, top: `${at[1]}px`, width: side, height: side })
  pen.style.background = down ? "var(--st-primary-color)" : "transparent"
  const text = !keyed ? HINT : down ? DOWN : UP
  if (words.textContent !== text) words.textContent = text
}

function leave(node, easel) {
  easels.delete(node)
  letGo(easel)
}

function letGo({ gone, observer }) {
  gone?.abort()
  observer?.disconnect()
}
