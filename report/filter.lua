-- Numbers sections, figures, tables and equations alike in the web page and in the PDF, resolves references to them
-- (@fig:name, @tbl:name, @eq:name, @sec:name), puts figures into the page as SVG and gives code its place.

local web = FORMAT:match("html")
local labels = {}
local counts = { fig = 0, tbl = 0, eq = 0 }
local words = { fig = "Figure", tbl = "Table", eq = "Equation", sec = "Section" }
local sections = {}

local function label(id, text)
  if labels[id] then error("The name " .. id .. " is given twice: give one of them another name.") end
  labels[id] = text
end

local function number(kind, id)
  counts[kind] = counts[kind] + 1
  label(id, words[kind] .. "\u{a0}" .. counts[kind])
  return counts[kind]
end

local function raw(text)
  return pandoc.RawBlock(web and "html" or "typst", text)
end

local function read(path)
  local file = assert(io.open(path, "r"), path .. " is missing: execute the notebook that draws it.")
  local text = file:read("a")
  file:close()
  return text
end

-- In Typst the caption's "Figure 1" comes from Typst, which counts in the same order.
local function caption(kind, id, blocks)
  local n = number(kind, id)
  if web and blocks[1] then
    blocks[1].content:insert(1, pandoc.Space())
    blocks[1].content:insert(1, pandoc.Strong({ pandoc.Str(words[kind] .. "\u{a0}" .. n .. ".") }))
  end
  return blocks
end

-- How wide a text is set, roughly, in letters; LaTeX commands count as one.
local function letters(cell)
  return utf8.len((pandoc.utils.stringify(cell.contents or cell):gsub("\\%a+", "x"):gsub("[{}^_$]", "")))
end

local function longestWord(cell)
  local longest = 0
  for word in pandoc.utils.stringify(cell.contents):gmatch("%S+") do longest = math.max(longest, utf8.len(word)) end
  return longest
end

-- Shares the width of a table that is wider than the text: what is short gets what it needs, texts the rest.
local function share(tbl)
  local page, natural, short, long, widths, texts = 98, 0, 0, 0, {}, {}
  for column in ipairs(tbl.colspecs) do
    local head, word, body = 0, 0, 0
    for _, row in ipairs(tbl.head.rows) do
      head, word = letters(row.cells[column]), longestWord(row.cells[column])
    end
    for _, row in ipairs(tbl.bodies[1].body) do body = math.max(body, letters(row.cells[column])) end
    natural = natural + math.max(head, body) + 4
    texts[column] = body > 24
    widths[column] = texts[column] and body ^ 0.6 or math.max(word, body) + 4
    if texts[column] then long = long + widths[column] else short = short + widths[column] end
  end
  if natural <= page then return end
  for column, spec in ipairs(tbl.colspecs) do
    local width = widths[column] * (texts[column] and (page - short) / long or 1)
    tbl.colspecs[column] = { spec[1], width / (long > 0 and page or short) }
  end
end

-- Cells of code that follow each other fold together.
local function joinCode(blocks)
  local joined = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    local last = joined[#joined]
    if block.tag == "Div" and block.classes:includes("code") and last and last.tag == "Div" and last.classes:includes("code") then
      last.content:extend(block.content)
      joined[#joined] = last
    else
      joined:insert(block)
    end
  end
  return joined
end

local numbering = {
  traverse = "topdown",

  Blocks = joinCode,

  Header = function(header)
    if header.classes:includes("unnumbered") then return end
    for level = header.level + 1, 6 do sections[level] = 0 end
    sections[header.level] = (sections[header.level] or 0) + 1
    local parts = {}
    for level = 1, header.level do parts[level] = sections[level] or 0 end
    label("sec:" .. header.identifier, words.sec .. "\u{a0}" .. table.concat(parts, "."))
  end,

  Figure = function(figure)
    figure.caption.long = caption("fig", figure.identifier, figure.caption.long)
    local image = figure.content[1].content[1]
    if web then
      figure.content = { raw('<div class="drawing">' .. read(image.src) .. "</div>") }
    else
      image.src = "/" .. image.src
    end
    return figure, false
  end,

  Div = function(div)
    if div.classes:includes("table") then
      local content = div.content[1]
      local above = caption("tbl", div.identifier, content.caption.long)
      if web then
        content.caption.long = {}
        return pandoc.Figure({ content }, { long = above }, div.attr), false
      end
      share(content)
      content.caption.long = above
      content.identifier = div.identifier
      if #content.bodies[1].body < 16 and not div.identifier:match("^tbl:claims") then return content end
      return { raw("#[#show figure: set block(breakable: true)"), content, raw("]") }
    elseif div.classes:includes("code") then
      if not web then return {} end
      div.content:insert(1, raw('<details class="code"><summary>Code</summary>'))
      div.content:insert(raw("</details>"))
      return div.content, false
    end
  end,

  Math = function(math)
    if not web then math.text = math.text:gsub("\\!", "") end -- pandoc gives Typst a whole em of it
    if math.mathtype ~= "DisplayMath" then return not web and math or nil end
    local name = math.text:match("\\tag{(.-)}")
    local n = name and number("eq", "eq:" .. name)
    if web then
      if not name then return end
      math.text = math.text:gsub("\\tag{.-}", "\\tag{" .. n .. "}")
      return pandoc.Span({ math }, { id = "eq:" .. name }), false
    end
    math.text = math.text:gsub("\\tag{.-}", "")
    local typst = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ math }) }), "typst"):gsub("%s+$", "")
    local placed = name and '[#math.equation(block: true, numbering: "(1)", formula) <eq:' .. name .. ">]" or "formula"
    return pandoc.RawInline("typst", "#fitted(formula => " .. placed .. ", " .. typst .. ")")
  end,
}

local references = {
  Cite = function(cite)
    local inlines, sources = pandoc.Inlines({}), pandoc.List({})
    for _, citation in ipairs(cite.citations) do
      if words[citation.id:match("^(%a+):")] then
        local text = labels[citation.id]
        if not text then error("@" .. citation.id .. " refers to nothing in the report: correct the name.") end
        if #inlines > 0 then inlines:insert(pandoc.Str(", ")) end
        inlines:insert(pandoc.Link(text, "#" .. citation.id:gsub("^sec:", "")))
      else
        sources:insert(citation)
      end
    end
    if #inlines == 0 then return end
    if #sources > 0 then
      inlines:insert(pandoc.Space())
      inlines:insert(pandoc.Cite({}, sources))
    end
    return inlines
  end,
}

return { numbering, references }
