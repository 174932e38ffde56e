// Plays a drawing back: the strokes so far, the pixels that the network sees of them, and what it says.

const STEP = 60
const films = new WeakMap()

export default function ({ data, parentElement }) {
  const node = parentElement.querySelector(".mnist-dash-film")
  const film = films.get(node) ?? build(node)
  const told = JSON.stringify(data)
  if (film.told !== told) {
    Object.assign(film, { told, data, pixels: Uint8Array.from(atob(data.seen), (letter) => letter.charCodeAt(0)) })
    stop(film)
    film.bar.max = data.points.length - 1
    film.bar.value = film.bar.max
  }
  show(film)
  return () => setTimeout(() => node.isConnected || stop(film))
}

function build(node) {
  const [pictures, controls, words] = ["div", "div", "p"].map((tag) => document.createElement(tag))
  const [sheet, seen] = [1, 2].map(() => document.createElement("canvas"))
  const [button, bar] = ["button", "input"].map((tag) => document.createElement(tag))
  const film = { sheet, seen, button, bar, words, told: "" }
  sheet.setAttribute("role", "img")
  seen.setAttribute("role", "img")
  seen.setAttribute("aria-label", "The 28×28 pixels that the network sees at this moment")
  Object.assign(bar, { type: "range", min: 0, step: 1 })
  bar.setAttribute("aria-label", "Moment of the drawing")
  bar.addEventListener("input", () => {
    stop(film)
    show(film)
  })
  button.addEventListener("click", () => (film.timer ? stop(film) : play(film)))
  pictures.append(sheet, seen)
  controls.append(button, bar)
  node.append(pictures, controls, words)
  films.set(node, film)
  stop(film)
  return film
}

function play(film) {
  if (film.bar.value === film.bar.max) film.bar.value = 0
  film.button.textContent = "Pause"
  film.timer = setInterval(() => {
    film.bar.stepUp()
    show(film)
    if (film.bar.value === film.bar.max) stop(film)
  }, STEP)
  show(film)
}

function stop(film) {
  clearInterval(film.timer)
  film.timer = undefined
  film.button.textContent = "Play"
}

function show({ bar, data, pixels, seen, sheet, words }) {
  const place = Number(bar.value)
  const share = Math.round((100 * data.points[place]) / data.points.at(-1))
  drawTraces(sheet, data, data.points[place])
  drawPixels(seen, pixels, place)
  sheet.setAttribute("aria-label", `The drawing, ${share} % of it`)
  bar.setAttribute("aria-valuetext", `${share} % drawn. ${data.words[place]}`)
  words.textContent = data.words[place]
  const chart = document.querySelector(`.st-key-${data.chart} .mnist-dash-chart`)
  chart?.dispatchEvent(new CustomEvent("mnist-dash-cursor", { detail: (100 * data.points[place]) / data.points.at(-1) }))
}

function drawTraces(canvas, { size: [width, height], traces }, points) {
  Object.assign(canvas, { width, height })
  const pen = canvas.getContext("2d")
  Object.assign(pen, { lineCap: "round", lineJoin: "round", strokeStyle: getComputedStyle(canvas).color })
  for (const [breadth, erases, ...numbers] of traces) {
    const count = Math.min(points, numbers.length / 2)
    if (count <= 0) return
    points -= numbers.length / 2
    pen.lineWidth = breadth
    pen.globalCompositeOperation = erases ? "destination-out" : "source-over"
    pen.beginPath()
    pen.moveTo(numbers[0], numbers[1])
    for (let i = 1; i < count - 1; i++) {
      const [x, y, nextX, nextY] = numbers.slice(2 * i, 2 * i + 4)
      pen.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2)
    }
    pen.lineTo(numbers[2 * count - 2] + 0.01, numbers[2 * count - 1])
    pen.stroke()
  }
}

function drawPixels(canvas, pixels, place) {
  const side = 28
  Object.assign(canvas, { width: side, height: side })
  const pen = canvas.getContext("2d")
  const image = pen.createImageData(side, side)
  for (let i = 0; i < side * side; i++) image.data[4 * i + 3] = pixels[place * side * side + i]
  pen.putImageData(image, 0, 0)
  pen.globalCompositeOperation = "source-in"
  pen.fillStyle = getComputedStyle(canvas).color
  pen.fillRect(0, 0, side, side)
}
