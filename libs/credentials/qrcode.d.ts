/** The part of `qrcode` that is used here; the package brings no types. */
declare module 'qrcode' {
  interface QrCode {
    readonly modules: { readonly size: number; get(row: number, column: number): number };
  }
  const qrcode: { create(text: string, options: { readonly errorCorrectionLevel: 'L' | 'M' | 'Q' | 'H' }): QrCode };
  export default qrcode;
}
