-- Numbers sections, figures, tables and equations alike in the web page and in the PDF, resolves references to them
-- (@fig:name, @tbl:name, @eq:name, @sec:name), puts figures into the page as SVG and gives code its place.

local web = FORMAT:match("html")
local labels = {}
local counts = { fig = 0, tbl = 0, eq = 0 }
local words = { fig = "Figure", tbl = "Table", eq = "Equation", sec = "Section" }
local sections = {}

local refuse

local function label(id, text)
  if id == "" then return end
  if labels[id] then refuse("The name " .. id .. " is given twice: give one of them another name.") end
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

-- Where in the notebooks the filter is: tasks/report/chapter.ts marks each cell.
local place = ""

function refuse(text)
  error((place == "" and "" or place .. "\n") .. text, 0)
end

local function follow(block)
  if block.format == "place" then place = block.text end
end

local function read(path)
  local file = io.open(path, "r") or refuse(path .. " is missing: execute the notebook that draws it.")
  local text = file:read("a")
  file:close()
  return text
end

-- A caption's only paragraph without the space around it.
local function plain(blocks)
  if #blocks == 1 and blocks[1].tag == "Para" then return pandoc.Blocks({ pandoc.Plain(blocks[1].content) }) end
  return blocks
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
  local joined, mark = pandoc.Blocks({}), nil
  for _, block in ipairs(blocks) do
    local last = joined[#joined]
    if block.tag == "RawBlock" and block.format == "place" then
      if mark then joined:insert(mark) end
      mark = block
    elseif block.tag == "Div" and block.classes:includes("code") and last and last.tag == "Div" and last.classes:includes("code") then
      last.content:extend(block.content)
      joined[#joined] = last
      mark = nil
    else
      if mark then joined:insert(mark) end
      joined:insert(block)
      mark = nil
    end
  end
  if mark then joined:insert(mark) end
  return joined
end

-- The kinds of pictures that both page and print can show.
local kinds = { png = true, jpg = true, jpeg = true, gif = true, webp = true, svg = true }

-- The path of a picture that a cell of prose shows: Jupyter looks for it beside the notebook.
local function picture(src)
  if src:match("^%a[%w+.-]*:") then
    refuse("The picture " .. src:sub(1, 60) .. " is not a file: put one beside the notebook, as the report is made without a network.")
  end
  local name = src:gsub("%%(%x%x)", function(code) return string.char(tonumber(code, 16)) end)
  if not kinds[(name:match("%.(%w+)$") or ""):lower()] then
    refuse("The picture " .. name .. " is of a kind that the print cannot show: it can be png, jpg, gif, webp or svg.")
  end
  for _, path in ipairs({ "notebooks/" .. name, name }) do
    local file = io.open(path, "rb")
    if file then
      file:close()
      return path
    end
  end
  refuse("The picture " .. name .. " is not beside the notebook: put it there, or correct its name.")
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

  RawBlock = function(block)
    follow(block)
    if block.format == "html" and block.text:match("^<img[%s>]") then
      refuse("A picture by HTML is not in the print: write ![caption](file).")
    end
  end,

  RawInline = function(inline)
    if inline.format ~= "html" then return end
    if inline.text:match("^<br[%s/>]") then return pandoc.LineBreak() end
    if inline.text:match("^<img[%s>]") then
      refuse("A picture by HTML is not in the print: write ![caption](file).")
    end
  end,

  -- What a cell showed as HTML is in the page; the print has its text.
  CodeBlock = function(block)
    if web and block.classes:includes("print") then return {} end
  end,

  -- A picture of the reader's own.
  Figure = function(figure)
    figure.caption.long = caption("fig", figure.identifier, figure.caption.long)
    return figure
  end,

  Image = function(image)
    image.src = (web and "" or "/") .. picture(image.src)
    return image
  end,

  Div = function(div)
    if div.classes:includes("figure") then
      local file = div.attributes.file
      local drawing = web and raw('<div class="drawing">' .. read(file) .. "</div>")
        or pandoc.Plain({ pandoc.Image({}, "/" .. file) })
      local below = caption("fig", div.identifier, plain(div.content))
      return pandoc.Figure({ drawing }, { long = below }, pandoc.Attr(div.identifier)), false
    elseif div.classes:includes("table") then
      local content = table.remove(div.content, 1)
      if content.tag ~= "Table" then refuse("The table " .. div.identifier .. " cannot be read.") end
      local above = caption("tbl", div.identifier, plain(div.content))
      if web then
        return pandoc.Figure({ content }, { long = above }, div.attr)
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
  traverse = "topdown",

  RawBlock = function(block)
    follow(block)
    if block.format == "place" then return {} end
  end,

  -- What a notebook links to by #fig:name or references.bib#key, in words of its own.
  Link = function(link)
    local id = link.target:match("^#(%a+:.+)$")
    if id and words[id:match("^%a+")] then
      if not labels[id] then refuse("#" .. id .. " refers to nothing in the report: correct the name.") end
      return pandoc.Link(labels[id], "#" .. id:gsub("^sec:", "")), false
    end
    local key = link.target:match("references%.bib#([%w_-]+)$")
    if not key then return end
    local locator = pandoc.utils.stringify(link.content):match("%d%d%d%d(, .+)$")
    local suffix = locator and pandoc.Inlines(locator) or {}
    return pandoc.Cite(link.content, { pandoc.Citation(key, "NormalCitation", {}, suffix) }), false
  end,

  Cite = function(cite)
    local inlines, sources = pandoc.Inlines({}), pandoc.List({})
    for _, citation in ipairs(cite.citations) do
      if words[citation.id:match("^(%a+):")] then
        local text = labels[citation.id]
        if not text then refuse("@" .. citation.id .. " refers to nothing in the report: correct the name.") end
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
