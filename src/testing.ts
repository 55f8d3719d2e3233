export { testQueue } from './jobs/contract.js'
export { type ListenOptions, type Queue, type QueuedJob, RetryLater } from './jobs/queue.js'
export { type TestFunction, testStore } from './store/contract.js'
export type {
  Job,
  JobStore,
  NewJob,
  NewTrackback,
  RecordStore,
  Store,
  Trackback,
  TrackbackChange,
} from './store/store.js'
