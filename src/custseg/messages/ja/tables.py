"""Reading and writing tables."""

MESSAGES = {
    "tables.not_found": (
        "{path}：ファイルが見つかりません。",
        "パスとつづりを確認してください。",
    ),
    "tables.is_folder": (
        "{path} はフォルダーです。",
        "中のファイルを指定してください。例：'{path}/*.csv'",
    ),
    "tables.not_readable": (
        "{path}：読み取りの権限がありません。",
        "ファイルの権限を変更するか、ご自分のフォルダーにコピーしてください。",
    ),
    "tables.read_failed": (
        "{name} を読み込めませんでした。{detail}",
        "ディスクや接続を確認して、もう一度お試しください。",
    ),
    "tables.memory": (
        "{name} はメモリーに収まりません。",
        "他のプログラムを閉じるか、ファイルを分割してください。",
    ),
    "tables.too_large": (
        "{name} は展開後に {limit} MiB を超えます。",
        "ファイルを分割してください。",
    ),
    "tables.bomb": (
        "{name} は展開すると元の {ratio} 倍を超えます。悪意のあるファイルの恐れがあります。",
        "信頼できるファイルであれば、ご自分で展開したものを指定してください。",
    ),
    "tables.empty": (
        "{name} は空です。",
        "もう一度書き出してください。1 行目には列名が必要です。",
    ),
    "tables.header_only": (
        "{name} には見出しだけがあり、データがありません。",
        "書き出しの条件を確認して、もう一度書き出してください。",
    ),
    "tables.archive_damaged": (
        "{name} は壊れているか不完全なため、展開できません。",
        "もう一度コピーまたはダウンロードしてください。",
    ),
    "tables.foreign_format": (
        "{name} は {what} 形式のファイルで、表として読み込めません。",
        "CSV、Parquet、Excel（.xlsx）のいずれかで、パスワードなしで保存し直してください。",
    ),
    "tables.binary": (
        "{name} はテキストではありません（制御文字が多すぎます）。",
        "CSV、Parquet、Excel（.xlsx）を指定してください。"
        "テキストの場合は --encoding で文字コードを指定してください。",
    ),
    "tables.header_quote": (
        '{name} の {line} 行目：見出しの引用符（"）が閉じられていません。',
        "引用符を閉じるか、取り除いてください。",
    ),
    "tables.header_undecodable": (
        "{name} の {line} 行目：列名に読み取れない文字があります。",
        "文字コードを指定するか（例：--encoding cp932）、列名を変更してください。",
    ),
    "tables.no_header": (
        "{name}：1 行目が列名ではなくデータになっています（{column} 列目など）。",
        "--columns 氏名,メールアドレス,電話番号 のように列名を左から順に指定するか、1 行目に列名の行を加えてください。",
    ),
    "tables.duplicate_columns": (
        "{name}：同じ名前の列が複数あります：{columns}",
        "ファイルの列名を変更してください。1 行目は重複のない列名にする必要があります。",
    ),
    "tables.mostly_ragged": (
        "{name}：{total} 行のうち {count} 行が見出しの {columns} 列と合いません"
        "（最初は {line} 行目）。",
        "1 行目が列名であることを確認し、区切り文字を指定してください。例：--delimiter ';'",
    ),
    "tables.mostly_undecodable": (
        "{name}：{total} 行のうち {count} 行に読み取れない文字があります（最初は {line} 行目）。",
        "文字コードを指定してください。例：--encoding cp932",
    ),
    "tables.bad_row.too_few_fields": (
        "{name} の {line} 行目：項目の数が見出しの {columns} 列より少なくなっています"
        "（読み取れない行は全部で {count} 行）。",
        "行を直すか、--on-bad-rows quarantine で別のファイルに分けてください。",
    ),
    "tables.bad_row.too_many_fields": (
        "{name} の {line} 行目：項目の数が見出しの {columns} 列より多くなっています"
        "（読み取れない行は全部で {count} 行）。",
        "行を直すか、--on-bad-rows quarantine で別のファイルに分けてください。",
    ),
    "tables.bad_row.unterminated_quote": (
        '{name} の {line} 行目：引用符（"）が閉じられていません'
        "（読み取れない行は全部で {count} 行）。",
        "行を直すか、--on-bad-rows quarantine で別のファイルに分けてください。",
    ),
    "tables.bad_row.undecodable": (
        "{name} の {line} 行目：読み取れない文字があります（読み取れない行は全部で {count} 行）。",
        "--encoding で文字コードを指定するか、"
        "--on-bad-rows quarantine で別のファイルに分けてください。",
    ),
    "tables.bad_row.nul": (
        "{name} の {line} 行目：NUL 文字があります。ファイルが壊れている恐れがあります"
        "（読み取れない行は全部で {count} 行）。",
        "もう一度書き出すか、--on-bad-rows quarantine で別のファイルに分けてください。",
    ),
    "tables.parquet_damaged": (
        "{name} は壊れているか不完全な Parquet ファイルです。",
        "もう一度コピーするか、書き出してください。",
    ),
    "tables.only_parquet": (
        "{name}：列 {column} の値（{type} 型）は Parquet でしか保存できません。",
        "Parquet で書き出す（--format parquet、または -o 名前.parquet）か、書き出すときにこの列を除いてください。",
    ),
    "tables.not_text": (
        "{name}：列 {column} の値（{type} 型）は文字として表せません。",
        "書き出すときにこの列を除くか、文字または数値に変換してください。",
    ),
    "tables.workbook_damaged": (
        "{name} は壊れているか、不完全か、保護された Excel ファイルです。",
        "Excel で開き、パスワードなしの .xlsx として保存し直してください。",
    ),
    "tables.no_such_sheet": (
        "{name} にシート「{sheet}」はありません。あるシート：{sheets}",
        "--sheet でいずれかを指定してください。",
    ),
    "tables.sheet_empty": (
        "{name}：シート「{sheet}」は空です。",
        "--sheet で別のシートを指定してください。",
    ),
    "tables.sheet_too_large": (
        "{name}：シートの範囲が {cells} セルを超えています。",
        "表から離れた不要なセルを削除するか、シートを CSV で保存してください。",
    ),
    "tables.note.titles": "{name}：列名より上にある {lines} 行（表題など）は読み飛ばしました。",
    "tables.note.wrong_extension": (
        "{name} は実際には {what} 形式でしたので、その形式で読み込みました。"
    ),
    "tables.no_input": ("入力が指定されていません。", "ファイルを 1 つ以上指定してください。"),
    "tables.nothing_matches": (
        "{pattern}：該当するファイルがありません。",
        "フォルダーとパターンを確認してください。",
    ),
    "tables.given_twice": (
        "{path} が 2 回指定されています。",
        "入力は 1 回ずつ指定してください。パターンの重なりにもご注意ください。",
    ),
    "tables.unknown_encoding": (
        "不明な文字コードです：{encoding}",
        "utf-8、cp932、euc_jp、iso-2022-jp、utf-16、cp1252 などを指定してください。",
    ),
    "tables.bad_delimiter": (
        "区切り文字は 1 文字で指定してください：{delimiter!r}",
        "文字そのもの、または comma、tab、semicolon、pipe を指定してください。",
    ),
    "tables.unknown_on_bad_rows": (
        "読み取れない行の扱いが不明です：{value}",
        "--on-bad-rows quarantine または --on-bad-rows fail を指定してください。",
    ),
    "tables.disk_full": (
        "{path}：ディスクの空きがありません。何も書き込まれていません。",
        "空きを作るか、-o で別のディスクのフォルダーを指定してください。",
    ),
    "tables.not_writable": (
        "{path}：書き込みの権限がありません。",
        "-o でご自分のフォルダーを指定するか、フォルダーの権限を変更してください。",
    ),
    "tables.write_failed": (
        "{path} に書き込めませんでした：{detail}",
        "-o で別の場所を指定するか、ディスクを確認してください。",
    ),
    "tables.file_exists": (
        "{path} はすでに存在します。",
        "別の名前にするか、--force で置き換えてください。",
    ),
    "tables.target_is_folder": (
        "{path} はフォルダーです。出力は 1 つのファイルです。",
        "ファイル名を指定してください。例：{path}/result.csv",
    ),
    "tables.target_is_file": (
        "{path} はファイルです。出力はフォルダーです。",
        "新しいフォルダーの名前を指定してください。",
    ),
    "tables.target_exists": (
        "フォルダー {path} はすでに存在し、空ではありません。",
        "新しいフォルダーを指定するか、--force で以前の結果を置き換えてください。",
    ),
    "tables.target_is_no_run": (
        "フォルダー {path} には custseg の結果ではないファイルがあるため、置き換えません。",
        "新しいフォルダーを指定するか、ご自分で空にしてください。",
    ),
    "tables.target_is_here": (
        "{path} は現在のフォルダーのため、置き換えられません。",
        "新しいフォルダーの名前を指定してください。例：-o run",
    ),
    "tables.output_name": (
        "{name} は結果のファイル名にできません。",
        "「..」や「\\」を含まない名前にしてください。",
    ),
    "tables.output_encoding": (
        "文字コード {encoding} では書き出せません。",
        "utf-8、utf-8-sig（Excel 向け）、cp932（Shift_JIS）のいずれかを指定してください。",
    ),
    "tables.columns_number": (
        "{name}: 列は {found} 個ですが、名前は {given} 個です。",
        "--columns に、左から順にすべての列の名前を指定してください。使わない列の名前は何でもかまいません。",
    ),
    "tables.excel_size": (
        "{has} 行の表は、{rows} 行 {columns} 列までの Excel シートに収まりません。",
        "--format csv または --format parquet を指定してください。",
    ),
    "tables.excel_cell": (
        "列 {column} の {row} 行目：Excel のセルの上限 {limit} 文字を超えています。",
        "--format csv または --format parquet を指定してください。",
    ),
    "tables.not_a_run": (
        "{path} は結果のフォルダーではありません（custseg の manifest.json がありません）。",
        "以前のコマンドで -o に指定したフォルダーを指定してください。",
    ),
    "tables.manifest_damaged": (
        "{path} が壊れています。",
        "もう一度実行してください。",
    ),
    "tables.manifest_newer": (
        "{path} は新しい版の custseg で作られています。",
        "custseg を更新するか、この版でもう一度実行してください。",
    ),
    "tables.locked": (
        "{path} は他の実行が使用中です（{command}、プロセス {pid}、{since} から）。",
        "終わるまで待つか、別の場所に書き出してください。",
    ),
    "tables.sheet_header_only": (
        "{name}：シート「{sheet}」には見出しだけで行がありません。",
        "--sheet で別のシートを指定してください: {sheets}",
    ),
}
