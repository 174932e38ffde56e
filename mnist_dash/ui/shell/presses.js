// A double click counts once, and so does a key that is held: two runs would start, or Pause follow upon Resume. What
// people press again and again on purpose does something every time.
const ONCE = ".stButton button, .stFormSubmitButton button"
const EACH =
  ".st-key-undo, .st-key-redo, .st-key-skip, .st-key-take_back, .st-key-hand_previous, .st-key-hand_next, " +
  ".st-key-hand_random, .st-key-vary"

const drop = (event) => {
  const button = event.target.closest?.(ONCE)
  if (!button || button.closest(EACH)) return
  event.preventDefault()
  event.stopImmediatePropagation()
}

addEventListener("click", (event) => event.detail > 1 && drop(event), true)
addEventListener("keydown", (event) => event.repeat && event.key === "Enter" && drop(event), true)
