export {
  createPgBossQueue,
  type PgBoss,
  type PgBossDatabase,
  type PgBossJob,
  type PgBossQueue,
  type PgBossQueueOptions,
} from './pg-boss/pg-boss.js'
