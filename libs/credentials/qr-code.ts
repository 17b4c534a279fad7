import { crc32, deflateSync } from 'node:zlib';
import qrcode from 'qrcode';

/** Pixels a module of the code is wide, and modules of white around it (ISO/IEC 18004 asks for four). */
const pixelsPerModule = 4;
const quietModules = 4;

/** A QR code of a text as a black-and-white PNG. Pure: the same text gives the same bytes. */
export function qrCodePng(text: string): Uint8Array {
  const { modules } = qrcode.create(text, { errorCorrectionLevel: 'M' });
  const width = (modules.size + 2 * quietModules) * pixelsPerModule;
  const rowBytes = Math.ceil(width / 8);
  const pixels = Buffer.alloc(width * (1 + rowBytes)); // each row starts with its filter, 0: none
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      const row = Math.floor(y / pixelsPerModule) - quietModules;
      const column = Math.floor(x / pixelsPerModule) - quietModules;
      const inside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
      if (inside && modules.get(row, column) !== 0) continue; // dark is 0
      pixels[y * (1 + rowBytes) + 1 + (x >> 3)]! |= 0x80 >> (x & 7);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(width, 4);
  header[8] = 1; // bits per pixel; colour type, compression, filter and interlace are 0
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), chunk('IEND', Buffer.alloc(0))]);
}

/** A chunk of a PNG: length, type, data, and a checksum of the latter two. */
function chunk(type: string, data: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, checksum]);
}
