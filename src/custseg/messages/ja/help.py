"""Help texts of commands and options; a backspace character keeps the lines below as they are."""

MESSAGES = {
    "help.custseg": """ばらばらの顧客データを、信頼できる顧客台帳・セグメント・送付先リストにします。

    すべてこのコンピューターの中で動きます。外には何も送りません。

    \b
    はじめに:
      custseg demo                                   作り物のデータで全体を見る
      custseg clean export.csv -o run                自分の顧客データを整える
      custseg segment --customers run --orders orders.csv -o seg

    \b
    終了コード: 0 完了、1 --fail-on の条件に該当、2 使い方の誤り、3 入力が使えない、
    4 上限に到達、5 他の実行が使用中、70 custseg の不具合""",
    "help.fields": """各列を何と判定したか、その理由と確かさを示します。

    \b
    例:
      custseg fields export.csv
      custseg fields export.csv --write custseg.toml     直すための設定ファイルを作る""",
    "help.assess": """何も変えずに、データの品質を示します。

    \b
    例:
      custseg assess export.csv
      custseg assess export.csv --format json""",
    "help.standardize": """同じ行を標準の書き方で書き出し、変えたセルをすべて一覧にします。

    \b
    例:
      custseg standardize export.csv -o standard
      cat export.csv | custseg standardize - -o - > standard.csv""",
    "help.undo": """標準化した表を元の値に戻します。

    CSV は入力と同じ書き方（文字コード・区切り・引用符・改行）で書き出します。文字コードを指定したときを
    除きます。バイト列が入力と一致しないときは警告します。

    \b
    例:
      custseg undo standard -o original.csv""",
    "help.dedupe": """同じ人を見つけます。値は元のままです。

    \b
    例:
      custseg dedupe customers.csv -o run
      custseg dedupe store.csv web.csv --link-only -o run""",
    "help.clean": """標準化と名寄せ。顧客データから 1 人 1 行の台帳を作ります。

    \b
    例:
      custseg clean export.csv -o run
      custseg clean store.csv web.xlsx -o run --country JP
      custseg clean 'exports/*.csv' -o run-11 --previous run-10""",
    "help.plan": """照合の進め方と、必要なメモリー・時間の見込みを示します。

    \b
    例:
      custseg plan export.csv""",
    "help.rfm": """最終購入日・購入回数・購入金額で顧客を採点します。

    \b
    例:
      custseg rfm orders.csv -o scores.csv""",
    "help.cluster": """k-means で顧客をグループに分けます（注文データから、または顧客表の列から）。

    \b
    例:
      custseg cluster orders.csv -o clusters.csv --k 5
      custseg cluster customers.csv -o clusters.csv --features 年齢,年収""",
    "help.segment": """注文から、スコア・名前の付いたセグメント・クラスター・セグメント別リストを作ります。

    \b
    例:
      custseg segment --orders orders.csv -o seg
      custseg segment --customers run --orders 'orders-*.csv' -o seg
      custseg segment --orders november.csv --model seg/model.json -o seg-11""",
    "help.audience": "広告媒体やメール配信ツール向けのリストを作り、ファイルを確認します。",
    "help.audience.make": """セグメントから、同意のある人だけの媒体別リストを作ります。

    \b
    例:
      custseg audience make --customers run --segments seg --list champions --platform google -o aud
      custseg audience make --customers run --segments seg --list best='r >= 4' --platform meta \\
        --consent ledger.csv --suppress optouts.csv --previous aud-10 -o aud-11
      custseg audience make --customers run --segments seg --platform mailchimp \\
        --campaign spring --holdout 0.1 --key audience.key -o aud""",
    "help.audience.check": """ファイルが媒体に受け付けられる形式かどうかを確認します。

    受け付けられるときは 0、そうでないときは 1 で終了します。行番号だけを示し、値は表示しません。

    \b
    例:
      custseg audience check full.csv --platform meta
      custseg audience check list.csv --platform-file ours.toml""",
    "help.audience.platforms": """ルールがわかっている媒体の一覧を表示します。

    \b
    例:
      custseg audience platforms""",
    "help.measure": "施策の効果測定、チャネルの比較、テストの計画をします。",
    "help.measure.campaign": """配信した人と配信しなかった人（ホールドアウト）を、その後の注文で比べます。

    \b
    例:
      custseg measure campaign aud --customers run --orders december.csv
      custseg measure campaign aud --customers run --orders december.csv --cost 50000 --margin 0.3 -o effect""",
    "help.measure.table": """1 行 1 人の表で、グループを比べます。

    \b
    例:
      custseg measure table mail.csv --group arm --control none --outcome visit --outcome spend --random
      custseg measure table mail.csv --group arm --control none --outcome visit --segment region""",
    "help.measure.channels": """初回と最終の購入チャネル、キャンペーン別の構成を表示します。

    \b
    例:
      custseg measure channels --orders orders.csv --customers run""",
    "help.measure.plan": """テストに必要な人数を計算します。

    \b
    例:
      custseg measure plan --rate 0.02 --expected 0.025""",
    "help.explain": """2 つのレコードがなぜ同じ人とされたか、されなかったかを示します。

    \b
    例:
      custseg explain run store.csv:12 web.csv:40""",
    "help.evaluate": """正解と比べて、適合率・再現率・F1 を測ります。

    正解は、source・row・人の ID の表、または入力のレコード ID と人の ID の表です。
    2 件ずつの判定の表（left・right・decision）や、記入済みの review.csv も使えます。

    \b
    例:
      custseg evaluate run --truth truth.csv""",
    "help.report": """実行結果のレポートをもう一度示します。

    \b
    例:
      custseg report run
      custseg report seg --lang ja
      custseg report run --format html -o report.html
      custseg report seg --format xlsx -o report.xlsx""",
    "help.demo": """正解のわかる現実的な顧客データを作り、全体を通して実行します。

    \b
    例:
      custseg demo
      custseg demo try --rows 20000 --kind japanese""",
    "help.config": "設定とその指定元を示します。",
    "help.config.show": """すべての設定、その値、指定元を示します。

    \b
    例:
      custseg config show""",
    "help.option.lang": "言語（en または ja）。なければ設定ファイル、次に環境の言語。",
    "help.option.config": "設定ファイル。なければここから上のフォルダーの custseg.toml。",
    "help.option.isolated": "設定ファイルを使いません。",
    "help.option.quiet": "注意とエラーだけを表示します。",
    "help.option.verbose": "所要時間など、詳しく表示します。",
    "help.option.log_format": "ログの形式。text、または 1 行 1 件の json（標準エラー出力）。",
    "help.option.version": "バージョンを表示して終わります。",
    "help.option.role": "判定が違うときに列の役割を指定します（繰り返し可）。列名=ignore で対象外にします。",
    "help.option.output_folder": "書き出すフォルダー。完全な形でできるか、まったくできないかのどちらかです。",
    "help.option.output_file": "書き出す場所。- は標準出力。",
    "help.option.force": "以前の実行結果を置き換えます。",
    "help.option.format": "text または json で表示します。",
    "help.option.roles": "役割の一覧を表示して終わります。",
    "help.option.as_of": "年齢や古さを判断する基準日（YYYY-MM-DD）。なければデータの最新の更新日。",
    "help.option.kind": "表の種類。なければ列から判断します。",
    "help.option.write": "判定結果を書いた custseg.toml を作ります（直して使います）。",
    "help.option.base": "ベースのファイル。ID・判断・リスト・削除済みの人を次回以降に引き継ぎます。",
    "help.option.previous": "前回の実行結果。顧客 ID と確認済みの判断を引き継ぎます。",
    "help.option.decisions": "人が記入した review.csv（同じ / 違う）。",
    "help.option.match_model": "前回の名寄せモデル（match_model.json）を使います。",
    "help.option.fail_on": "指標が高すぎるとき終了コード 1 にします。例: 'quarantined>1%'（繰り返し可）",
    "help.option.customers": "clean の結果フォルダー、または顧客の表。",
    "help.option.consent": "同意の記録（identifier、channel、status、at の列）。複数指定可。",
    "help.option.suppress": "配信停止リスト（identifier の列。channel がなければ全チャネル）。複数指定可。",
    "help.option.segments": "segment の出力フォルダー（セグメント、クラスター、スコア、プロフィール）。",
    "help.option.list": "リスト。セグメント名、または 名前=内容（segment:名前、cluster:2、all、条件式）。複数指定可。",
    "help.option.platform": "媒体の名前。複数を扱えるコマンドでは複数指定可。",
    "help.option.platform_file": "独自の媒体のルール（TOML）。複数指定可。",
    "help.option.previous_audience": "前回の audience の出力。追加・継続・削除を判定します。",
    "help.argument.checked": "確認するファイル。",
    "help.argument.audience": "audience の出力フォルダー。",
    "help.argument.people": "1 行 1 人の表。",
    "help.option.from": "集計する注文の最初の日。省略時は audience の基準日の翌日。",
    "help.option.to": "集計する注文の最後の日。省略時は最後の注文の日。",
    "help.option.correction": "セグメント別の補正方法。holm または bh（Benjamini–Hochberg）。",
    "help.option.cost": "施策の費用。",
    "help.option.margin": "利益率（0～1）。",
    "help.option.group": "グループの列。",
    "help.option.control": "何もしなかったグループ。",
    "help.option.outcome": "0 と 1、または金額の列。複数指定可。",
    "help.option.segment": "セグメントの列。セグメントごとに比べます。",
    "help.option.random": "グループを無作為に分けた。差を効果として扱います。",
    "help.option.rate": "施策なしの率（0.02 など）。",
    "help.option.expected": "施策ありの率（0.025 など）。",
    "help.option.alpha": "有意水準。",
    "help.option.power": "検出力。",
    "help.option.orders": "注文または注文明細のファイル（繰り返し可、ワイルドカード可）。",
    "help.option.previous_segments": "以前の segment の結果。その後の変化を示し、クラスターの番号と名前を引き継ぎます（model.json だけならクラスターのみ）。",
    "help.option.events": "問合せや来店などの接触履歴（ファイルまたはグロブ）。プロフィールと条件に加わります。複数指定可。",
    "help.option.cuts": "区切りを固定します。例: recency_days=30,60,90,180（繰り返し可）",
    "help.option.model": "前回の区切りとクラスター（model.json）で採点します。",
    "help.option.truth": "正解の表。",
    "help.option.truth_id": "正解の表で人を表す列。",
    "help.option.truth_key": "正解の表で、レコード自身の ID を表す列。",
    "help.option.source": "入力が複数あるとき、どれを戻すか。",
    "help.option.rows": "作る顧客レコードのおおよその数。",
    "help.option.seed": "乱数の種。変えると別の人々になります。",
    "help.option.demo_kind": "作るデータの種類。",
    "help.argument.files": "ファイル（ワイルドカード可）。- は標準入力。CSV、TSV、Parquet、Excel、.gz、.zst。",
    "help.argument.run": "実行結果のフォルダー。",
    "help.argument.record": "レコード（ファイル名:行）。",
    "help.argument.demo_folder": "作るフォルダー。",
    "help.run": """custseg.toml のとおりに全体を実行し、すべてのゲートを通れば公開します。

    [chain] に指定した入力を読み、前回から変わったところだけを処理し直し、日付の名前のフォルダーに
    まとめます。同じ場所の latest が最新の結果を指します。端末でなければ、正常終了時は何も表示しません。

    \b
    例:
      custseg run
      custseg run /srv/shop/custseg.toml --log-format json
      custseg run --dry-run""",
    "help.init": """手元のファイルから custseg.toml を作ります（直して使います）。

    \b
    例:
      custseg init
      custseg init exports/ --write shop.toml""",
    "help.option.day": "実行結果の名前にする日付。なければ今日。",
    "help.option.full": "変わっていないものも、すべて実行し直します。",
    "help.option.dry_run": "読み込み・書き出し・削除の予定だけを示し、何も実行しません。",
    "help.option.write_config": "書き出す設定ファイル。",
    "help.argument.config_file": "設定ファイル。なければここから上のフォルダーの custseg.toml。",
    "help.argument.init_files": "調べるファイルまたはフォルダー。なければこのフォルダー。",
    "help.option.report_format": "text、json、html（ブラウザーで開ける、グラフ入りの 1 ファイル）、または xlsx（グラフ入りの Excel ブック）。",
}
