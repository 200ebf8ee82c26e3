-- For the Lua inside rpm: answers lines "A<TAB>B" of the file $ECLAIR_PAIRS with -1, 0, 1 or ? a line, into $ECLAIR_ANSWERS.
-- Both ways that rpm offers are asked; should they ever differ, the line says so.
local answers = assert(io.open(posix.getenv("ECLAIR_ANSWERS"), "w"))
for line in io.lines(posix.getenv("ECLAIR_PAIRS")) do
  local a, b = line:match("^([^\t]*)\t([^\t]*)$")
  local known, order = pcall(rpm.vercmp, a, b)
  local made_a, version_a = pcall(rpm.ver, a)
  local made_b, version_b = pcall(rpm.ver, b)
  local answer = known and tostring(order) or "?"
  if made_a and made_b and version_a and version_b then
    local other = version_a < version_b and "-1" or version_b < version_a and "1" or "0"
    if known and other ~= answer then answer = "vercmp " .. answer .. ", ver " .. other end
  end
  answers:write(answer, "\n")
end
assert(answers:close())
