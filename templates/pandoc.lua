-- Lay out what Markdown cannot say: widths of columns, and text alternatives of charts.

-- In ems: a line of an A4 page in the letters of a table, the space around a cell, a text that
-- should not break; and how much of a line short texts may take.
local LINE, PADDING, SHORT, ROOM = 55, 1.2, 13, 0.65
-- The least that is left to write by hand.
local TO_FILL = 6
local IS_TYPST = FORMAT == "typst"
local BOX = "☐"
-- The style of what stands in the cells of Word's tables, which pandoc gives none of its own.
local CELL = "Table Contents"
-- The part of a page's width that a chart takes.
local WIDTH = "84%"

-- How wide a text is, in ems: bold letters of Arial, and of Inter, which are wider.
local function breadth(text)
  local _, narrow = text:gsub("[ijlftrI.,:;'|!()/ %-]", "")
  local _, broad = text:gsub("[mwMW%%@]", "")
  local _, capitals = text:gsub("%u", "")
  local letters = utf8.len(text) or #text
  return (IS_TYPST and 1.15 or 1.07) * (0.56 * letters - 0.26 * narrow + 0.3 * broad + 0.14 * capitals)
end

local function measured(cell)
  local text = pandoc.utils.stringify(cell.contents)
  local longest = 0
  for word in text:gmatch("[^%s%-]+%-?") do
    longest = math.max(longest, breadth(word))
  end
  return breadth(text), longest
end

local function rows_of(found)
  local rows = pandoc.List {}
  rows:extend(found.head.rows)
  for _, body in ipairs(found.bodies) do
    rows:extend(body.body)
  end
  return rows
end

-- Say whether a column is to be filled in by hand.
local function is_blank(found, column)
  for _, body in ipairs(found.bodies) do
    for _, row in ipairs(body.body) do
      local cell = row.cells[column]
      if cell and pandoc.utils.stringify(cell.contents):match("[^%s.]") then
        return false
      end
    end
  end
  return true
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
local function Table(found)
  local words, short, long = {}, {}, {}
  for column = 1, #found.colspecs do
    words[column], short[column], long[column] = 0, 0, 0
  end
  for _, row in ipairs(rows_of(found)) do
    for column, cell in ipairs(row.cells) do
      local text, word = measured(cell)
      word = math.min(word, SHORT) + PADDING
      words[column] = math.max(words[column], word)
      short[column] = math.max(short[column], text <= SHORT and text + PADDING or word)
      -- Figures need no more room than they take.
      local is_figure = found.colspecs[column][1] == pandoc.AlignRight and text <= SHORT
      long[column] = is_figure and long[column] or math.max(long[column], text + PADDING)
    end
  end
  for column = 1, #found.colspecs do
    if is_blank(found, column) then
      words[column] = math.max(words[column], TO_FILL)
      short[column] = math.max(short[column], TO_FILL)
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
  if FORMAT == "docx" then
    return found:walk {
      Plain = function(cell)
        return pandoc.Div({ pandoc.Para(cell.content) }, { ["custom-style"] = CELL })
      end,
    }
  end
  return found
end

-- Charts, known by their titles, reach typst by name, since it reads no file; anything else is its
-- own alternative. In an OpenDocument text a bookmark tells which chart a picture is.
local function Image(found)
  local name = found.title:match("^rse%-plan%-chart%-([%l-]+)$")
  if IS_TYPST then
    if name == nil then
      return found.caption
    end
    local alt = pandoc.utils.stringify(found.caption):gsub('[\\"]', "\\%0")
    return pandoc.RawInline("typst", string.format('#chart("%s", %s, alt: "%s")', name, WIDTH, alt))
  end
  found.attributes.width = WIDTH
  if name == nil then
    return found
  end
  local mark = string.format('<text:bookmark text:name="%s"/>', found.title)
  found.title = ""
  return FORMAT == "odt" and { pandoc.RawInline("opendocument", mark), found } or found
end

-- A list of boxes to tick has the boxes as its marks.
local function BulletList(found)
  if not IS_TYPST then
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
local function Inlines(found)
  if not IS_TYPST or #found == 0 or found[1].t ~= "Str" then
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

-- Tables first: what is escaped for typst can be measured no more.
return { { Table = Table }, { Image = Image, BulletList = BulletList, Inlines = Inlines } }
