// While the pen is on the sheet, answers to what is drawn so far stand on the page in place of those to the last stroke.
// One question at a time, some times a second: what comes late is dropped, and the stroke's own answer follows anyway.

const PAUSE = 100
// Times as long as an answer takes to be drawn the page has for the pen.
const ROOM = 3
const LATE = 1_000
const LEFT = 3_000
const NUMBER = ".st-key-answer [data-testid=stMetricValue]"
const WORDS = ".st-key-answer_words"
const SEEN = ".st-key-seen"
const BARS = ".st-key-probabilities .mnist-dash-chart"

function draft(easel) {
  const { canvas, gone } = easel
  const options = { signal: gone.signal, passive: true }
  for (const type of ["mousedown", "touchstart"]) canvas.addEventListener(type, (event) => beginTrace(easel, event), options)
  for (const type of ["mousemove", "touchmove"]) document.addEventListener(type, (event) => lengthen(easel, event), options)
  for (const type of ["mouseup", "touchend", "touchcancel"]) document.addEventListener(type, () => endTrace(easel), options)
  // The answer to the whole stroke stands there.
  document.addEventListener("mnist-dash-settled", () => easel.trace || takeDown(easel), options)
}

function beginTrace(easel, event) {
  const { breadth, erases, kept } = easel.data
  easel.trace = { place: strokesOf(kept) + easel.unkept.length, numbers: [breadth, Number(erases)] }
  clearTimeout(easel.left)
  lengthen(easel, event)
}

function lengthen(easel, event) {
  if (!easel.trace) return
  const { clientX, clientY } = event.touches?.[0] ?? event
  const { left, top, width } = easel.canvas.getBoundingClientRect()
  const share = easel.canvas.width / width
  easel.trace.numbers.push((clientX - left) * share, (clientY - top) * share)
  ask(easel)
}

function endTrace(easel) {
  if (!easel.trace) return
  // Until the server has told of it, it is no part of what is kept.
  easel.unkept.push(easel.trace)
  easel.trace = undefined
  easel.asking?.abort()
  easel.left = setTimeout(() => takeDown(easel), LEFT)
}

const strokesOf = (kept) => (kept === null ? 0 : JSON.parse(kept).strokes.length)

function forget(easel) {
  const known = strokesOf(easel.data.kept)
  easel.unkept = easel.unkept.filter(({ place }) => place >= known)
}

async function ask(easel) {
  if (!easel.data.drafts || easel.asking || easel.waiting) return
  const wait = easel.next - performance.now()
  if (wait > 0) {
    easel.waiting = setTimeout(() => {
      easel.waiting = undefined
      if (easel.trace) ask(easel)
    }, wait)
    return
  }
  const { data: { drafts: { address, question }, kept }, trace, unkept } = easel
  const asked = trace.numbers.length
  const body = JSON.stringify({ ...question, kept, traces: [...unkept, trace].map(({ numbers }) => numbers) })
  easel.next = performance.now() + PAUSE
  easel.asking = new AbortController()
  let dropped = false
  const late = setTimeout(() => {
    dropped = true
    easel.asking?.abort()
  }, LATE)
  // A server that is late, or has no answer, has as long for itself.
  let room = PAUSE
  try {
    const reply = await fetch(new URL(address, document.baseURI), { method: "POST", body, signal: easel.asking.signal })
    const answer = reply.status === 200 && (await reply.json())
    if (answer && easel.trace === trace) {
      const began = performance.now()
      putUp(answer)
      await painted()
      room = ROOM * (performance.now() - began)
    }
  } catch {
    // It came late, the pen was lifted or the server is away, which the page itself tells.
  }
  clearTimeout(late)
  easel.next = Math.max(easel.next, performance.now() + room)
  easel.asking = undefined
  // A pen that stands still waits for what was dropped: nothing else would ask for it.
  if (easel.trace && (easel.trace !== trace || dropped || trace.numbers.length > asked)) ask(easel)
}

const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))

function putUp({ number, words, seen, figure }) {
  const digits = document.querySelector(NUMBER)
  if (digits) Object.assign(digits.dataset, { draft: number, digits: Math.min(number.length, 4) })
  const said = document.querySelector(WORDS)
  if (said) said.dataset.draft = words
  const picture = document.querySelector(SEEN)
  picture?.style.setProperty("--draft", `url(${seen})`)
  picture?.setAttribute("data-draft", "")
  document.querySelector(BARS)?.dispatchEvent(new CustomEvent("mnist-dash-draft", { detail: figure }))
}

function takeDown(easel) {
  clearTimeout(easel.left)
  for (const place of [NUMBER, WORDS, SEEN]) document.querySelector(place)?.removeAttribute("data-draft")
  document.querySelector(BARS)?.dispatchEvent(new CustomEvent("mnist-dash-draft", { detail: undefined }))
}
