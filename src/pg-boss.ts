export {
  createPgBossQueue,
  type PgBoss,
  type PgBossDatabase,
  type PgBossJob,
  type PgBossQueue,
  type PgBossQueueOptions,
} from './jobs/pg-boss.js'
