/** The address that a worker's script is built to. */
declare module '*?worker&url' {
  const address: string;
  export default address;
}
