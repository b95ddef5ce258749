// The exports of the kernel module. AssemblyScript (https://www.assemblyscript.org): TypeScript's syntax, compiled by
// `npm run build:kernels`. Pointers are byte addresses in the imported memory; matrices are row-major float32.
export { matmul, matmulTransposed } from './matmul'
export { head } from './head'
export { tanhRows } from './tanh'
export { columnSums, gatherRows, strideRows, transpose } from './rows'
export { adam } from './adam'
export { isRelaxed, multiplyAddOnce, multiplyAddRoof } from './probe'
