"""Words of events: inquiries, visits and other contacts of customers."""

MESSAGES = {
    "segment.event_role_missing": (
        "接触履歴に {role} の列が見つかりません。",
        "--role 列名={role} で指定するか、custseg.toml の [roles] に書いてください。",
    ),
    "segment.warn.no_events": "接触履歴は見出しだけで、データがありません。全員の接触回数を 0 としました。",
    "segment.warn.event_states": "未対応とも完了とも読めない対応状況が {states} 種類あります。未対応として数えました。",
    "report.events": "接触履歴",
    "report.events_line": "{events}（{customers} 人）",
    "report.events_complaints": "{events}（{customers} 人）。未対応の苦情 {open} 件（{waiting} 人）",
    "report.events_left_out": "除外 {rows}: {reasons}",
    "report.count.event.one": "{count} 件",
    "report.count.event.many": "{count} 件",
    "segment.event.empty": "空の行",
    "segment.event.repeated": "他のファイルと重複",
    "segment.event.no_customer": "顧客番号なし",
    "segment.event.undated": "日付が読み取れない",
    "segment.event.future": "基準日より後",
    "segment.event.no_orders": "注文のない顧客",
}
