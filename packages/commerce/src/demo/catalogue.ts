/** A product of the demo shop: sold in one currency, priced in its minor units. */
export interface CatalogueProduct {
  readonly sku: string;
  readonly name: string;
  readonly price_minor: number;
  readonly currency: 'USD' | 'EUR' | 'JPY';
}

const names: readonly (readonly [sku: string, name: string, cents: number])[] = [
  ['DSK-100', 'Standing desk, oak', 64_900],
  ['DSK-120', 'Standing desk, walnut', 72_900],
  ['CHR-200', 'Office chair, mesh', 32_900],
  ['CHR-210', 'Office chair, leather', 58_500],
  ['LMP-300', 'Desk lamp, warm white', 4_990],
  ['LMP-310', 'Floor lamp, dimmable', 12_950],
  ['MON-400', 'Monitor 27", 4K', 41_999],
  ['MON-410', 'Monitor 34", curved', 69_999],
  ['ARM-420', 'Monitor arm, single', 8_995],
  ['KEY-500', 'Mechanical keyboard, quiet', 11_900],
  ['KEY-510', 'Compact keyboard', 6_450],
  ['MSE-520', 'Vertical mouse', 5_999],
  ['HUB-530', 'USB-C dock, 11 ports', 18_900],
  ['CAB-540', 'USB-C cable, 2 m', 1_299],
  ['CAM-550', 'Webcam, 1080p', 7_495],
  ['MIC-560', 'Desk microphone', 9_950],
  ['HDP-570', 'Headphones, noise cancelling', 24_900],
  ['BRD-600', 'Whiteboard 120 x 90 cm', 13_900],
  ['MRK-610', 'Board markers, set of 8', 1_450],
  ['SHF-620', 'Shelf, 5 boards', 15_900],
  ['CBN-630', 'Lockable cabinet', 22_900],
  ['RUG-640', 'Chair mat', 5_490],
  ['PLN-650', 'Desk plant, potted', 2_490],
  ['PAP-700', 'Copy paper, 5 x 500 sheets', 2_990],
  ['PEN-710', 'Gel pens, box of 12', 1_180],
  ['NTB-720', 'Notebook, dotted', 1_650],
  ['STP-730', 'Stapler', 1_990],
  ['SHD-740', 'Paper shredder', 8_900],
  ['COF-800', 'Coffee beans, 1 kg', 2_150],
  ['MUG-810', 'Mug, stoneware', 1_400],
];

function priced(currency: CatalogueProduct['currency'], price: (cents: number) => number): readonly CatalogueProduct[] {
  return names.map(([sku, name, cents]) => ({ sku: `${sku}-${currency}`, name, currency, price_minor: price(cents) }));
}

/** Every product in each currency, with its own stock number: `MUG-810-EUR`. */
export const catalogue: readonly CatalogueProduct[] = [
  ...priced('USD', (cents) => cents),
  ...priced('EUR', (cents) => Math.round((cents * 95) / 100)),
  ...priced('JPY', (cents) => Math.round((cents * 3) / 20) * 10),
];
