/** What a file is by its first bytes, where that is certain. */
export interface Media {
  readonly mimeType: string;
  /** A model can look at it or listen to it. */
  readonly block: 'image' | 'audio' | undefined;
}

// oxlint-disable no-control-regex -- signatures are bytes
const SIGNATURES: readonly (readonly [signature: RegExp, mimeType: string, block?: 'image' | 'audio'])[] = [
  [/^\x89PNG\r\n\x1a\n/, 'image/png', 'image'],
  [/^\xff\xd8\xff/, 'image/jpeg', 'image'],
  [/^GIF8[79]a/, 'image/gif', 'image'],
  [/^RIFF[^]{4}WEBP/, 'image/webp', 'image'],
  [/^RIFF[^]{4}WAVE/, 'audio/wav', 'audio'],
  [/^ID3|^\xff[\xfb\xf3\xf2]/, 'audio/mpeg', 'audio'],
  [/^OggS/, 'audio/ogg', 'audio'],
  [/^fLaC/, 'audio/flac', 'audio'],
  [/^[^]{4}ftypM4A/, 'audio/mp4', 'audio'],
  [/^[^]{4}ftypavif/, 'image/avif'],
  [/^[^]{4}ftyp(?:heic|mif1)/, 'image/heic'],
  [/^[^]{4}ftyp/, 'video/mp4'],
  [/^\x1aE\xdf\xa3/, 'video/webm'],
  [/^%PDF-/, 'application/pdf'],
  [/^PK\x03\x04/, 'application/zip'],
  [/^\x1f\x8b/, 'application/gzip'],
  [/^BZh[1-9]/, 'application/x-bzip2'],
  [/^\xfd7zXZ\0/, 'application/x-xz'],
  [/^7z\xbc\xaf\x27\x1c/, 'application/x-7z-compressed'],
  [/^\x28\xb5\x2f\xfd/, 'application/zstd'],
  [/^SQLite format 3\0/, 'application/vnd.sqlite3'],
  [/^\x7fELF/, 'application/x-executable'],
  [/^MZ/, 'application/vnd.microsoft.portable-executable'],
  [/^\0asm/, 'application/wasm'],
  [/^(?:II\*\0|MM\0\*)/, 'image/tiff'],
];

/** Looks at the first bytes, never at the name; undefined for text and for what is not known. */
export function detectMedia(sample: Buffer): Media | undefined {
  const start = sample.toString('latin1', 0, 32);
  const found = SIGNATURES.find(([signature]) => signature.test(start));
  return found && { mimeType: found[1], block: found[2] };
}
