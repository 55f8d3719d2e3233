#!/usr/bin/env node
import { runProcess } from './programs/cli/run.js'

await runProcess()
