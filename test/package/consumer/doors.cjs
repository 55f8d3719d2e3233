// The same by `require`, for programs that are no modules.
for (const door of process.argv.slice(2)) {
  console.log(door, Object.keys(require(door)).length)
}
