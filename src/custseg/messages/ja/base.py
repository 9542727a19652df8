"""Errors and words of the base."""

MESSAGES = {
    "base.is_folder": (
        "{path} はフォルダーです。ベースはファイルです。",
        "base.duckdb のようなファイルを指定してください。",
    ),
    "base.not_found": (
        "{path} にベースがありません。",
        "ベースは `custseg clean … --base FILE` で作られます。",
    ),
    "base.unfinished": (
        "他のプログラムがベース {path} を変更中か、変更の途中で終わっています。",
        "そのプログラムを閉じてください。または、もう一度開いて CHECKPOINT を実行し、閉じてください。",
    ),
    "base.in_use": (
        "他のプログラムがベース {path} を書き込み用に開いています。",
        "そちらを閉じるか、読み取り専用で開いてください。",
    ),
    "base.changed_meanwhile": (
        "実行中に他のプログラムがベース {path} を変更したため、今回の結果は保存していません。",
        "他のプログラムがベースに書き込んでいないときに、もう一度実行してください。",
    ),
    "base.damaged": (
        "ベース {path} が壊れているか、DuckDB のファイルではありません。",
        "正しいファイルを指定するか、バックアップから戻してください。",
    ),
    "base.not_a_base": (
        "{path} はデータベースですが、custseg のベースではありません。",
        "`custseg clean … --base FILE` が作ったファイルを指定してください。",
    ),
    "base.newer": (
        "ベース {path} は新しい版の custseg で作られています。",
        "custseg を更新してください。",
    ),
}
