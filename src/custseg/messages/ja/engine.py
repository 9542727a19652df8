"""Errors of the executor."""

MESSAGES = {
    "engine.address_space": (
        "このプロセスのアドレス空間の上限は {limit} MiB です（ulimit -v）。ライブラリーだけで {least} MiB が必要です。",
        "上限を上げるか、外して --memory-limit を指定してください。",
    ),
    "engine.memory": (
        "メモリーが足りません。上限 {limit} に達しました（ディスクへの退避を含む）。",
        "--memory-limit を上げるか、一時ファイル用のディスクを空けるか、入力を分けてください。",
    ),
    "engine.worker_died": (
        "作業プロセスがシステムにより停止されました。メモリー不足と思われます。",
        "--threads 1 を指定するか、他のプログラムを閉じるか、入力を分けてください。",
    ),
    "engine.column_too_long": (
        "2 GiB を超える文字データの列があり、一度に処理できません。",
        "その列を除くか、ファイルを分けてください。",
    ),
}
