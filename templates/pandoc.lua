-- Lay out what Markdown cannot say: widths of columns, and text alternatives of charts.

-- In letters: a line of an A4 page, the space around a cell, and a text that should not break.
local LINE, PADDING, SHORT = 124, 2.5, 24
-- How much wider than others letters and figures can be, and how much of a line short texts take.
local WIDE, ROOM = 1.25, 0.65
local BOX = "☐"
-- The part of a page's width that a chart takes.
local WIDTH = "84%"

local function measured(cell)
  local text = pandoc.utils.stringify(cell.contents)
  local longest = 0
  for word in text:gmatch("%S+") do
    longest = math.max(longest, utf8.len(word) or #word)
  end
  return utf8.len(text) or #text, longest
end

local function rows_of(found)
  local rows = pandoc.List {}
  rows:extend(found.head.rows)
  for _, body in ipairs(found.bodies) do
    rows:extend(body.body)
  end
  return rows
end

local function summed(list)
  local sum = 0
  for _, one in ipairs(list) do
    sum = sum + one
  end
  return sum
end

-- Give each column its longest word, or its longest short text where there is room for all of
-- them, and share the rest out by length of text.
function Table(found)
  local words, short, long = {}, {}, {}
  for column = 1, #found.colspecs do
    words[column], short[column], long[column] = 0, 0, 0
  end
  for _, row in ipairs(rows_of(found)) do
    for column, cell in ipairs(row.cells) do
      local text, word = measured(cell)
      word = math.min(word, SHORT) * WIDE + PADDING
      words[column] = math.max(words[column], word)
      short[column] = math.max(short[column], text <= SHORT and text * WIDE + PADDING or word)
      long[column] = math.max(long[column], text + PADDING)
    end
  end
  local least = summed(short) <= LINE * ROOM and short or words
  local sum, spare = summed(least), 0
  for column = 1, #least do
    long[column] = math.max(0, long[column] - least[column])
    spare = spare + long[column]
  end
  local rest = math.max(0, LINE - sum)
  for column = 1, #least do
    local share = spare > 0 and long[column] / spare or least[column] / sum
    local width = (least[column] + rest * share) / math.max(LINE, sum)
    found.colspecs[column] = { found.colspecs[column][1], width }
  end
  return found
end

-- Charts reach typst by name, since it reads no file; anything else is its own alternative.
function Image(found)
  local name = found.src:match("charts/.-([%l-]+)%.svg$")
  if FORMAT ~= "typst" then
    found.attributes.width = WIDTH
    return found
  elseif name == nil then
    return found.caption
  end
  local alt = pandoc.utils.stringify(found.caption):gsub('[\\"]', "\\%0")
  return pandoc.RawInline("typst", string.format('#chart("%s", %s, alt: "%s")', name, WIDTH, alt))
end

-- A list of boxes to tick has the boxes as its marks.
function BulletList(found)
  if FORMAT ~= "typst" then
    return nil
  end
  for _, item in ipairs(found.content) do
    local first = item[1] and item[1].content and item[1].content[1]
    if not (first and first.t == "Str" and first.text == BOX) then
      return nil
    end
  end
  for _, item in ipairs(found.content) do
    item[1].content:remove(1)
  end
  local mark = pandoc.RawBlock("typst", "#[#set list(marker: [" .. BOX .. "])")
  return { mark, found, pandoc.RawBlock("typst", "]") }
end

-- In typst a heading, a list or a term can begin inside any brackets; pandoc minds lines only.
function Inlines(found)
  if FORMAT ~= "typst" or #found == 0 or found[1].t ~= "Str" then
    return nil
  end
  local before, mark, after = found[1].text:match("^(%d*)([=%-+/.])(.*)$")
  if mark == nil then
    return nil
  end
  found:remove(1)
  found:insert(1, pandoc.Str(after))
  found:insert(1, pandoc.RawInline("typst", before .. "\\" .. mark))
  return found
end
