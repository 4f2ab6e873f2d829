import { type MetricsPeriod, metricsPeriods } from '@holdfast/contracts/gateway/analytics'
import { Select } from '../../../ui/select.tsx'
import { periodWords } from '../strings.ts'

const options = metricsPeriods.map((value) => ({ value, label: periodWords[value] }))

/** Which stretch of time the charts show. */
export function PeriodPicker(props: { value: MetricsPeriod; onChange: (period: MetricsPeriod) => void }) {
  return <Select aria-label="Period" className="w-36" options={options} {...props} />
}
