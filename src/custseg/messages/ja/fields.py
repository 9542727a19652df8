"""What columns were recognized as, and why."""

MESSAGES = {
    "fields.reason.header": "列名から判断",
    "fields.reason.both": "列名と内容が一致（値の {share:.0%}）",
    "fields.reason.partly": "列名から判断（既知の値は {share:.0%}）",
    "fields.reason.doubt": (
        "列名からの判断ですが、該当する値は {share:.0%} だけです。ご確認ください"
    ),
    "fields.reason.against": (
        "値の {share:.0%} が該当しますが、列名は「{header_role}」を示しています。ご確認ください"
    ),
    "fields.reason.content": "値の {share:.0%} が該当",
    "fields.reason.fallback": "ほかに該当する列がなく、列名と内容から判断",
    "fields.reason.by_email": "顧客番号の列がないため、この列で顧客を区別",
    "fields.reason.empty": "列名から判断（列は空）",
    "fields.reason.unique_number": "列名から判断。値に重複なし",
    "fields.reason.unique_where_filled": ("列名から判断。値に重複はないが、空のセルあり"),
    "fields.reason.unique": "すべての行に値があり、重複なし",
    "fields.reason.repeats": "列名から判断。値の {share:.0%} が複数の行にある",
    "fields.reason.given": "指定された役割です",
    "fields.reason.attribute": "照合の手がかりになる可能性あり",
    "fields.reason.taken": "「{role}」と思われますが、すでに列「{by}」がその役割です",
    "fields.reason.other_table": "注文データでは「{role}」を意味します。顧客データでは使いません",
    "fields.reason.denied": (
        "列名は「{role}」を示していますが、値が当てはまらないため、そのまま残します"
    ),
    "fields.reason.no_values": "列は空",
    "fields.reason.none": "不明（そのまま残します）",
    "fields.warn.against": (
        "{name} の列「{column}」は、列名は `{header_role}` を示していますが、値に合わせて "
        "`{role}` として標準化しました。違う場合は [roles] で役割を指定してください。"
    ),
    "fields.unknown_column": (
        "「{column}」という列はありません。",
        "近い列名: {nearest}。`custseg fields FILE` ですべての列を確認できます。",
    ),
    "fields.unknown_role": (
        "「{role}」という役割はありません。",
        "近い役割: {nearest}。`custseg fields --roles` ですべての役割を確認できます。",
    ),
    "fields.role_twice": (
        "列「{first}」と「{second}」の両方に役割 {role} が指定されていますが、"
        "1つの表につき1列だけです。",
        "どちらかに別の役割または `ignore` を指定してください。",
    ),
    "fields.config.title": "各列の意味です。誤りがあればここで直してください（列の順です）。",
}
