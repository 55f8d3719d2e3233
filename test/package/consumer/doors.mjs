// Imports every door that is named, and says how many names each has.
for (const door of process.argv.slice(2)) {
  console.log(door, Object.keys(await import(door)).length)
}
