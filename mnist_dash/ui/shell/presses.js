// A double click or a double tap counts once, and so does Enter that is held: two runs would start, or Pause follow upon
// Resume. What people press again and again on purpose does something every time.
const BUTTONS = ".stButton button, .stFormSubmitButton button"
const EACH =
  ".st-key-undo, .st-key-redo, .st-key-skip, .st-key-take_back, .st-key-undo_own, .st-key-hand_previous, " +
  ".st-key-hand_next, .st-key-hand_random, .st-key-vary, .st-key-step"
const FIELDS = ".stForm input"
const SOON = 700 // milliseconds
const NEAR = 20 // pixels

// What the pointer is: Safari counts no taps, and may call them those of a mouse.
let pointer = "mouse"
// The latest press that was passed on. The page may have put another button in its place since.
let latest = { x: 0, y: 0, at: -SOON }

const drop = (event) => {
  event.preventDefault()
  event.stopImmediatePropagation()
}

const take = (event) => {
  const button = event.target.closest?.(BUTTONS)
  // A press by a script or by a key counts as no click.
  if (!button || !event.detail) return
  const { clientX: x, clientY: y, timeStamp: at } = event
  const soon = at - latest.at < SOON && Math.hypot(x - latest.x, y - latest.y) < NEAR
  if (soon && (event.detail > 1 || pointer !== "mouse") && !button.closest(EACH)) drop(event)
  else latest = { x, y, at }
}

const takeKey = (event) => {
  if (!event.repeat || event.key !== "Enter") return
  const focused = event.target.closest?.(`${BUTTONS}, ${FIELDS}`)
  if (focused && !focused.closest(EACH)) drop(event)
}

const notePointer = (event) => {
  pointer = event.pointerType
}

addEventListener("pointerdown", notePointer, true)
addEventListener("click", take, true)
addEventListener("keydown", takeKey, true)
