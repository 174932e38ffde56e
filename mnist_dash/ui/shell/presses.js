// A double click or a double tap counts once, and so does Enter that is held: two runs would start, or Pause follow upon
// Resume. What people press again and again on purpose does something every time.
const BUTTONS = ".stButton button, .stFormSubmitButton button"
const EACH =
  ".st-key-undo, .st-key-redo, .st-key-skip, .st-key-take_back, .st-key-undo_own, .st-key-hand_previous, " +
  ".st-key-hand_next, .st-key-hand_random, .st-key-vary, .st-key-step"
const FIELDS = ".stForm input"
const SOON = 700 // milliseconds
const NEAR = 20 // pixels

// The latest press that was passed on. The page may have put another button in its place since.
let latest = { x: 0, y: 0, at: -SOON }

const drop = (event) => {
  event.preventDefault()
  event.stopImmediatePropagation()
}

const take = (event) => {
  const button = event.target.closest?.(BUTTONS)
  if (!button || button.closest(EACH)) return
  const { clientX: x, clientY: y, timeStamp: at } = event
  const soon = at - latest.at < SOON && Math.hypot(x - latest.x, y - latest.y) < NEAR
  // Safari counts no taps. A press by a script or by a key is the first of none.
  if (soon && (event.detail > 1 || event.pointerType === "touch")) drop(event)
  else if (event.detail) latest = { x, y, at }
}

const takeKey = (event) => {
  if (event.repeat && event.key === "Enter" && event.target.closest?.(`${BUTTONS}, ${FIELDS}`)) drop(event)
}

addEventListener("click", take, true)
addEventListener("keydown", takeKey, true)
