"""Errors of the executor."""

MESSAGES = {
    "engine.memory": (
        "メモリーが足りません。上限 {limit} に達しました（ディスクへの退避を含む）。",
        "--memory-limit を上げるか、一時ファイル用のディスクを空けるか、入力を分けてください。",
    ),
    "engine.worker_died": (
        "作業プロセスがシステムにより停止されました。メモリー不足と思われます。",
        "--threads 1 を指定するか、他のプログラムを閉じるか、入力を分けてください。",
    ),
}
