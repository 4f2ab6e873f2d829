const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 2 })

/** 0.0123 → "1.23%". */
export function formatShare(share: number): string {
  return percent.format(share)
}
