// Hangs digits on a canvas, each at its place in the order in which they came; the newest have a line below them.

const GAP = 4
// Sides of a digit in pixels of the page, from the largest that one likes to the smallest that one can read.
const SIDES = [84, 70, 56, 42, 35, 28, 21, 14, 10, 7]

const walls = new WeakMap()

export default function ({ data, parentElement }) {
  const node = parentElement.querySelector(".mnist-dash-wall")
  const wall = walls.get(node) ?? build(node)
  if (wall.data && data.count > wall.data.count) wall.since = wall.data.count
  wall.data = data
  wall.canvas.setAttribute("aria-label", data.label)
  for (const address of data.pictures) load(wall, address)
  for (const address of wall.pictures.keys()) if (!data.pictures.includes(address)) wall.pictures.delete(address)
  hang(wall)
  return () => setTimeout(() => node.isConnected || wall.observer.disconnect())
}

function build(node) {
  const wall = { node, canvas: node.querySelector("canvas"), pictures: new Map(), since: Infinity }
  wall.observer = new ResizeObserver(() => hang(wall))
  wall.observer.observe(wall.canvas)
  walls.set(node, wall)
  return wall
}

// A picture that is still on its way leaves what hangs there as it is.
function load(wall, address) {
  if (wall.pictures.has(address)) return
  const picture = new Image()
  wall.pictures.set(address, { picture })
  picture.onload = () => hang(wall)
  picture.src = new URL(address, document.baseURI).href
}

function hang(wall) {
  const { canvas, data, pictures } = wall
  const loaded = data.pictures.map((address) => pictures.get(address))
  if (!canvas.clientWidth || loaded.some(({ picture }) => !picture.complete || !picture.naturalWidth)) return
  const { clientWidth: width, clientHeight: height } = canvas
  Object.assign(canvas, { width: width * devicePixelRatio, height: height * devicePixelRatio })
  const side = SIDES.find((each) => room(width, each) * room(height, each) >= data.count) ?? SIDES.at(-1)
  const across = room(width, side)
  const pen = canvas.getContext("2d")
  pen.scale(devicePixelRatio, devicePixelRatio)
  pen.imageSmoothingEnabled = side < data.side
  const { accentColor, color } = getComputedStyle(canvas)
  for (let digit = 0; digit < data.count; digit += 1) {
    const [x, y] = [(digit % across) * (side + GAP), Math.floor(digit / across) * (side + GAP)]
    const from = ink(loaded[Math.floor(digit / data.columns)], color)
    pen.drawImage(from, (digit % data.columns) * data.side, 0, data.side, data.side, x, y, side, side)
    if (digit >= wall.since) {
      pen.fillStyle = accentColor
      pen.fillRect(x, y + side, side, 2)
    }
  }
}

const room = (length, side) => Math.floor((length + GAP) / (side + GAP))

// White ink on black, in the colour of the theme on whatever is behind it.
function ink(kept, color) {
  if (kept.color === color) return kept.inked
  const { naturalWidth: width, naturalHeight: height } = kept.picture
  const inked = new OffscreenCanvas(width, height)
  const pen = inked.getContext("2d")
  pen.drawImage(kept.picture, 0, 0)
  const pixels = pen.getImageData(0, 0, width, height)
  for (let i = 0; i < pixels.data.length; i += 4) pixels.data[i + 3] = pixels.data[i]
  pen.putImageData(pixels, 0, 0)
  pen.globalCompositeOperation = "source-in"
  pen.fillStyle = color
  pen.fillRect(0, 0, width, height)
  return Object.assign(kept, { color, inked }).inked
}
