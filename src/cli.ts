#!/usr/bin/env node
import { runProcess } from './cli/run.js'

await runProcess()
