// Shows one digit after another, takes the answers and the time of each, and tells both when all are read.

const SIDE = 28
const KEPT = "mnist-dash-quiz"
const GLANCE = 100
const FRESH = { answers: [], seconds: [], spent: 0 }

const quizzes = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".mnist-dash-quiz")
  const quiz = quizzes.get(node) ?? build(node)
  quiz.finish = (told) => setTriggerValue("finished", told)
  if (quiz.name !== data.name) begin(quiz, data)
  // In the colours of this moment.
  else draw(quiz)
  return () => setTimeout(() => node.isConnected || leave(quiz))
}

function build(node) {
  const [head, bar, sheet, keys] = ["p", "progress", "canvas", "div"].map((tag) => document.createElement(tag))
  const [count, clock] = ["span", "span"].map((tag) => document.createElement(tag))
  const start = document.createElement("button")
  const quiz = { node, bar, sheet, keys, count, clock, start, gone: new AbortController() }
  Object.assign(sheet, { width: SIDE, height: SIDE })
  sheet.setAttribute("role", "img")
  bar.setAttribute("aria-label", "Digits that are read")
  count.setAttribute("role", "status")
  start.type = "button"
  start.addEventListener("click", () => run(quiz))
  head.append(count, clock)
  keys.setAttribute("role", "group")
  keys.setAttribute("aria-label", "Your answer")
  keys.append(...Array.from({ length: 10 }, (_, digit) => key(quiz, digit)))
  const frame = document.createElement("div")
  frame.append(sheet, start)
  node.append(head, bar, frame, keys)
  document.addEventListener("keydown", (event) => onKey(quiz, event), { signal: quiz.gone.signal })
  quizzes.set(node, quiz)
  return quiz
}

function key(quiz, digit) {
  const button = document.createElement("button")
  button.type = "button"
  button.textContent = digit
  button.addEventListener("click", () => answer(quiz, digit))
  return button
}

// Where this very round was begun before, it goes on from there, and waits until somebody is ready.
function begin(quiz, { name, count, images }) {
  stop(quiz)
  const pixels = Uint8Array.from(atob(images), (letter) => letter.charCodeAt(0))
  Object.assign(quiz, { name, total: count, pixels, state: recall(name, count) ?? structuredClone(FRESH) })
  if (quiz.state.answers.length === count) tell(quiz)
  show(quiz)
}

function recall(name, count) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT))
    return kept?.name === name && kept.state.answers.length <= count ? kept.state : undefined
  } catch {
    return undefined
  }
}

function keep({ name, state }) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ name, state }))
  } catch {
    // A private window may refuse: then a reload begins anew.
  }
}

function run(quiz) {
  if (quiz.timer || quiz.state.answers.length === quiz.total) return
  quiz.since = performance.now()
  quiz.timer = setInterval(() => showClock(quiz), GLANCE)
  show(quiz)
  quiz.node.scrollIntoView({ block: "nearest" })
}

function stop(quiz) {
  clearInterval(quiz.timer)
  quiz.timer = undefined
}

function leave(quiz) {
  stop(quiz)
  quiz.gone.abort()
}

function answer(quiz, digit) {
  if (!quiz.timer) return
  const { state } = quiz
  const now = performance.now()
  const took = (now - quiz.since) / 1000
  quiz.since = now
  state.answers.push(digit)
  state.seconds.push(Math.round(took * 1000) / 1000)
  state.spent += took
  keep(quiz)
  if (state.answers.length === quiz.total) {
    stop(quiz)
    tell(quiz)
  }
  show(quiz)
}

const tell = ({ finish, state: { answers, seconds } }) => finish({ answers, seconds })

function onKey(quiz, event) {
  const written = event.composedPath()[0]?.matches?.("input, textarea, select, [contenteditable=true]")
  if (!quiz.node.isConnected || !quiz.timer || event.repeat || event.ctrlKey || event.metaKey || event.altKey || written) return
  if (!/^[0-9]$/.test(event.key)) return
  event.preventDefault()
  answer(quiz, Number(event.key))
}

function show(quiz) {
  const { bar, count, keys, node, sheet, start, state, timer, total } = quiz
  const done = state.answers.length
  const running = Boolean(timer)
  node.toggleAttribute("data-running", running)
  count.textContent = done === total ? `All ${total} read` : `Digit ${Math.min(done + 1, total)} of ${total}`
  Object.assign(bar, { max: total, value: done })
  start.textContent = done === total ? "One moment" : done ? "Go on" : "Start the clock"
  start.disabled = done === total
  start.hidden = running
  sheet.setAttribute("aria-label", running ? `Digit ${done + 1}, to be read` : "The digit comes when the clock runs")
  for (const button of keys.children) button.disabled = !running
  showClock(quiz)
  draw(quiz)
}

function showClock({ clock, since, state, timer }) {
  const seconds = Math.floor(state.spent + (timer ? (performance.now() - since) / 1000 : 0))
  clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
}

function draw({ pixels, sheet, state, timer }) {
  const pen = sheet.getContext("2d")
  pen.clearRect(0, 0, SIDE, SIDE)
  if (!timer || !pixels) return
  const image = pen.createImageData(SIDE, SIDE)
  const start = state.answers.length * SIDE * SIDE
  for (let i = 0; i < SIDE * SIDE; i++) image.data[4 * i + 3] = pixels[start + i]
  pen.putImageData(image, 0, 0)
  pen.globalCompositeOperation = "source-in"
  pen.fillStyle = getComputedStyle(sheet).color
  pen.fillRect(0, 0, SIDE, SIDE)
  pen.globalCompositeOperation = "source-over"
}
