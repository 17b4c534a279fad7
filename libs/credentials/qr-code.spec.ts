import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import qrcode from 'qrcode';
import { qrCodePng } from './qr-code.ts';

/** Reads a one-bit grey PNG without filters. `true`: dark. */
function readPng(png: Buffer): boolean[][] {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const width = png.readUInt32BE(16);
  expect(png.subarray(24, 29)).toEqual(Buffer.from([1, 0, 0, 0, 0]));
  const dataLength = png.readUInt32BE(33);
  const pixels = inflateSync(png.subarray(41, 41 + dataLength));
  const rowBytes = 1 + Math.ceil(width / 8);
  return Array.from({ length: width }, (_, y) =>
    Array.from({ length: width }, (__, x) => (pixels[y * rowBytes + 1 + (x >> 3)]! & (0x80 >> (x & 7))) === 0),
  );
}

describe('the picture of a QR code', () => {
  it('has every module of the code in its place, and white around it', () => {
    const text = 'otpauth://totp/bob@123456789012?secret=MZXW6YTBOI';
    const picture = readPng(Buffer.from(qrCodePng(text)));
    const { modules } = qrcode.create(text, { errorCorrectionLevel: 'M' });
    expect(picture).toHaveLength(4 * (modules.size + 8));
    const wrong = picture.flatMap((row, y) =>
      row.flatMap((dark, x) => {
        const [down, right] = [Math.floor(y / 4) - 4, Math.floor(x / 4) - 4];
        const inside = down >= 0 && right >= 0 && down < modules.size && right < modules.size;
        return dark === (inside && modules.get(down, right) !== 0) ? [] : [[x, y]];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('is the same for the same text', () => {
    expect(qrCodePng('a')).toEqual(qrCodePng('a'));
    expect(qrCodePng('a')).not.toEqual(qrCodePng('b'));
  });
});
