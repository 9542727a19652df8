"""Reading and writing tables."""

MESSAGES = {
    "tables.not_found": (
        "{path}: there is no such file.",
        "Check the path and the spelling.",
    ),
    "tables.is_folder": (
        "{path} is a folder.",
        "Name the files in it, for example '{path}/*.csv'.",
    ),
    "tables.not_readable": (
        "{path}: permission to read it is missing.",
        "Change the file's permissions, or copy it to a folder of your own.",
    ),
    "tables.read_failed": (
        "{name} could not be read. {detail}",
        "Check the disk or the connection, and try again.",
    ),
    "tables.memory": (
        "{name} does not fit into memory.",
        "Close other programs, or split the file.",
    ),
    "tables.too_large": (
        "{name} is larger than {limit} MiB unpacked.",
        "Split the file.",
    ),
    "tables.bomb": (
        "{name} grows to more than {ratio} times its size when unpacked, as harmful files do.",
        "If you trust it, unpack it yourself and give the unpacked file.",
    ),
    "tables.empty": (
        "{name} is empty.",
        "Export it again; the first line must name the columns.",
    ),
    "tables.header_only": (
        "{name} has a header but no rows.",
        "Check the filter of the export, and export it again.",
    ),
    "tables.archive_damaged": (
        "{name} is damaged or incomplete: it cannot be unpacked.",
        "Copy or download it again.",
    ),
    "tables.foreign_format": (
        "{name} is a file of the kind {what}, which cannot be read as a table.",
        "Save or export it as CSV, Parquet or Excel (.xlsx), without a password.",
    ),
    "tables.binary": (
        "{name} is not text: it holds too many control characters.",
        "Give a CSV, Parquet or Excel (.xlsx) file; if it is text, name its --encoding.",
    ),
    "tables.header_quote": (
        '{name}, line {line}: a quotation mark (") in the header is not closed.',
        "Close it or remove it.",
    ),
    "tables.header_undecodable": (
        "{name}, line {line}: the column names hold characters that cannot be decoded.",
        "Name the file's encoding, for example --encoding cp932, or rename these columns.",
    ),
    "tables.no_header": (
        "{name}: the first row holds values, not the names of columns (see column {column}).",
        "Name the columns: --columns name,email,phone (in order), or add a first row with their names.",
    ),
    "tables.duplicate_columns": (
        "{name}: several columns have the same name: {columns}.",
        "Rename them in the file; its first line must name each column once.",
    ),
    "tables.mostly_ragged": (
        "{name}: {count} of {total} rows do not fit the {columns} columns of the header, "
        "the first on line {line}.",
        "Check that the first line names the columns, and name the delimiter, "
        "for example --delimiter ';'.",
    ),
    "tables.mostly_undecodable": (
        "{name}: {count} of {total} rows hold characters that cannot be decoded, "
        "the first on line {line}.",
        "Name the file's encoding, for example --encoding cp932.",
    ),
    "tables.bad_row.too_few_fields": (
        "{name}, line {line}: fewer fields than the {columns} columns of the header "
        "({count} unreadable rows in all).",
        "Correct the line, or set such rows apart with --on-bad-rows quarantine.",
    ),
    "tables.bad_row.too_many_fields": (
        "{name}, line {line}: more fields than the {columns} columns of the header "
        "({count} unreadable rows in all).",
        "Correct the line, or set such rows apart with --on-bad-rows quarantine.",
    ),
    "tables.bad_row.unterminated_quote": (
        '{name}, line {line}: a quotation mark (") is opened here and never closed '
        "({count} unreadable rows in all).",
        "Correct the line, or set such rows apart with --on-bad-rows quarantine.",
    ),
    "tables.bad_row.undecodable": (
        "{name}, line {line}: characters that cannot be decoded ({count} unreadable rows in all).",
        "Name the file's --encoding, or set such rows apart with --on-bad-rows quarantine.",
    ),
    "tables.bad_row.nul": (
        "{name}, line {line}: a NUL character, the sign of a damaged file "
        "({count} unreadable rows in all).",
        "Export the file again, or set such rows apart with --on-bad-rows quarantine.",
    ),
    "tables.parquet_damaged": (
        "{name} is a damaged or incomplete Parquet file.",
        "Copy or export it again.",
    ),
    "tables.only_parquet": (
        "{name}: column {column} holds values of type {type}, which only Parquet can hold.",
        "Write Parquet (--format parquet, or -o NAME.parquet), or leave the column out of the export.",
    ),
    "tables.not_text": (
        "{name}: column {column} holds values of type {type}, which have no plain text.",
        "Leave the column out of the export, or turn it into text or numbers there.",
    ),
    "tables.workbook_damaged": (
        "{name} is a damaged, incomplete or protected Excel file.",
        "Open it in Excel and save it again as .xlsx, without a password.",
    ),
    "tables.no_such_sheet": (
        "{name} has no sheet {sheet}; it has: {sheets}.",
        "Name one of these with --sheet.",
    ),
    "tables.sheet_empty": (
        "{name}: the sheet {sheet} is empty.",
        "Name another with --sheet.",
    ),
    "tables.sheet_too_large": (
        "{name}: a sheet spans more than {cells} cells.",
        "Delete stray cells far from the table, or save the sheet as CSV.",
    ),
    "tables.note.titles": (
        "{name}: the lines above the names of the columns were passed over (lines: {lines})."
    ),
    "tables.note.wrong_extension": "{name} is in fact {what}; it was read as such.",
    "tables.no_input": ("No input was given.", "Name at least one file."),
    "tables.nothing_matches": (
        "{pattern}: no file matches.",
        "Check the folder and the pattern.",
    ),
    "tables.given_twice": (
        "{path} is given twice.",
        "Name each input once; mind patterns that overlap.",
    ),
    "tables.unknown_encoding": (
        "Unknown encoding: {encoding}.",
        "Use for example utf-8, cp932, euc_jp, iso-2022-jp, utf-16 or cp1252.",
    ),
    "tables.bad_delimiter": (
        "The delimiter must be one character, but is {delimiter!r}.",
        "Use a character, or comma, tab, semicolon or pipe.",
    ),
    "tables.unknown_on_bad_rows": (
        "Unknown treatment of bad rows: {value}.",
        "Use --on-bad-rows quarantine or --on-bad-rows fail.",
    ),
    "tables.disk_full": (
        "{path}: the disk is full; nothing was written there.",
        "Free some space, or choose a folder on another disk with -o.",
    ),
    "tables.not_writable": (
        "{path}: permission to write there is missing.",
        "Choose a folder of your own with -o, or change the folder's permissions.",
    ),
    "tables.write_failed": (
        "{path} could not be written: {detail}.",
        "Choose another place with -o, or check the disk.",
    ),
    "tables.file_exists": (
        "{path} exists already.",
        "Choose another name, or replace it with --force.",
    ),
    "tables.target_is_folder": (
        "{path} is a folder, and one file is to be written.",
        "Name the file, for example {path}/result.csv.",
    ),
    "tables.target_is_file": (
        "{path} is a file, and a folder is to be made.",
        "Choose the name of a new folder.",
    ),
    "tables.target_exists": (
        "The folder {path} exists and is not empty.",
        "Choose a new folder, or replace the older run with --force.",
    ),
    "tables.target_is_no_run": (
        "The folder {path} holds files that are no run of custseg; it is not replaced.",
        "Choose a new folder, or empty this one yourself.",
    ),
    "tables.target_is_here": (
        "{path} is the folder you are in; it cannot be replaced.",
        "Choose the name of a new folder, for example -o run.",
    ),
    "tables.output_name": (
        "{name} cannot be the name of a file in the run.",
        "Choose a name without '..' and backslashes.",
    ),
    "tables.output_encoding": (
        "Files cannot be written in the encoding {encoding}.",
        "Use utf-8, utf-8-sig (for Excel) or cp932 (Shift_JIS).",
    ),
    "tables.columns_number": (
        "{name}: {given} names for {found} columns.",
        "Give --columns a name for each column, in order; any name will do for one that is not needed.",
    ),
    "tables.excel_size": (
        "A table of {has} rows does not fit an Excel sheet of {rows} rows and {columns} columns.",
        "Use --format csv or --format parquet.",
    ),
    "tables.excel_cell": (
        "Column {column}, row {row}: the text is longer than the {limit} characters "
        "an Excel cell holds.",
        "Use --format csv or --format parquet.",
    ),
    "tables.not_a_run": (
        "{path} is not the folder of a run: it has no manifest.json of custseg.",
        "Name the folder that an earlier command made with -o.",
    ),
    "tables.manifest_damaged": (
        "{path} is damaged.",
        "Make the run again.",
    ),
    "tables.manifest_newer": (
        "{path} was made by a newer version of custseg.",
        "Update custseg, or make the run again with this version.",
    ),
    "tables.locked": (
        "Another run is at work on {path}: {command}, process {pid}, since {since}.",
        "Wait until it has ended, or write somewhere else.",
    ),
    "tables.sheet_header_only": (
        "{name}: the sheet {sheet} has a header but no rows.",
        "Name another with --sheet: {sheets}.",
    ),
}
