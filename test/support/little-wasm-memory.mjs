// For `node --import`: memories of WebAssembly grow up to so many MiB as the variable says, as if the machine had no more.
const most = Number(process.env.WASM_MIB) * 2 ** 20
const { grow } = WebAssembly.Memory.prototype
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * 2 ** 16 > most) throw new RangeError('Unable to grow instance memory')
  return grow.call(this, pages)
}
