/** The texts of a ping, as somebody would write them. */
export interface SamplePing {
  readonly title: string
  readonly excerpt: string
  readonly blogName: string
}

const japanese = {
  titles: [
    '春の散歩と桜の写真',
    'トラックバックのテスト',
    'JALの対応を評価する',
    '東京駅前のラーメン屋さん',
    '新しいカメラを買いました!',
    'お気に入りの本 その①',
    '㈱テストの新製品について',
    'ﾃｽﾄﾒｰﾙの設定',
    '髙橋さんの個展に行く',
    '10月～12月の予定',
    'きょうのねこ',
    'Movable Typeの設置メモ',
    '映画「夏の終わり」を観た',
    '選挙結果を考える',
    'Ⅲ型の使い方',
    'サッカー日本代表、惜敗',
    '雨の日曜日',
    'ｶﾚｰの作り方 (簡単)',
    '野球観戦記',
    'RSSリーダーを比べてみた',
  ],
  excerpts: [
    '昨日は天気がよかったので、近所の公園まで歩いてきました。桜はまだ三分咲きです。',
    'この記事のトラックバックURLに送ってみます。うまく届くでしょうか。',
    '航空会社の対応について、いろいろな意見があるようです。私はこう思いました。',
    '駅から歩いて5分。醤油味のスープがとてもおいしかったです。値段は700円～。',
    'やっと届きました。まだ使い方がよくわかりませんが、写真はきれいです。',
    'ｺﾒﾝﾄありがとうございます。ﾄﾗｯｸﾊﾞｯｸも歓迎です。',
    '①準備する ②送る ③確認する、という順番でやってみましょう。',
    '髙島屋の前で待ち合わせ。～帰りは電車でした。',
    'うちの猫は朝から寝てばかり。にゃあとも言わない。',
    'プラグインを入れたら動かなくなった。設定ファイルを書き直して解決。',
    '主演の女優がよかった。原作とは結末が違うけれど、これはこれで納得。',
    '投票率が低いのは残念だ。次回はもっと多くの人に行ってほしい。',
    '説明書には書いていないが、電源ボタンを長押しすると初期化できる。',
    '後半に入って動きがよくなったが、最後の最後で失点。悔しい!',
    '雨なので家で本を読んでいました。コーヒーがおいしい。',
    'にんじん、じゃがいも、たまねぎを切って炒めます。ﾙｰは市販のもので十分。',
    '九回裏の逆転ホームランには驚いた。球場は満員。',
    'いくつか試した結果、いちばん軽いものを使うことにしました。',
    'はじめまして。リンクさせていただきました。よろしくお願いします。',
    '<p>詳しくは「続きを読む」からどうぞ。</p>',
  ],
  blogNames: [
    '私のブログ',
    '猫日記',
    'Diary of a cat',
    'ラーメン食べ歩き',
    '日々是好日',
    'ﾌﾞﾛｸﾞ工房',
    'みちくさ',
    '技術メモ',
    'Café 青山',
    '旅の空',
  ],
}

const korean = {
  titles: [
    '봄날의 산책',
    '새 카메라를 샀습니다',
    '트랙백 시험',
    '서울 맛집 이야기',
    '영화를 보고 나서',
    '비 오는 일요일',
    'RSS 리더 비교',
    '우리 집 고양이',
    '축구 대표팀 경기',
    '블로그를 옮겼습니다',
  ],
  excerpts: [
    '어제는 날씨가 좋아서 공원까지 걸어갔다 왔습니다. 벚꽃은 아직 조금밖에 피지 않았습니다.',
    '이 글의 트랙백 주소로 보내 봅니다. 잘 도착할까요?',
    '역에서 걸어서 5분 거리에 있는 식당입니다. 국물이 아주 맛있었습니다.',
    '설명서에는 없지만 전원 버튼을 길게 누르면 초기화됩니다. ㅋㅋ',
    '원작과 결말이 다르지만 그런대로 괜찮았다고 생각한다.',
    '비가 와서 집에서 책을 읽었습니다. 커피가 맛있네요.',
    '여러 가지를 써 본 결과 가장 가벼운 것을 쓰기로 했다.',
    '고양이는 아침부터 잠만 자고 있습니다.',
    '후반에 들어 움직임이 좋아졌지만 마지막에 실점했다.',
    '댓글과 트랙백을 환영합니다. 자주 놀러 오세요.',
  ],
  blogNames: ['나의 블로그', '고양이 일기', '여행과 사진', 'My blog', '책 읽는 방'],
}

const simplified = {
  titles: [
    '春天的散步',
    '新买的相机',
    '引用通告测试',
    '北京小吃介绍',
    '电影观后感',
    '下雨的星期天',
    'RSS阅读器比较',
    '我家的猫',
    '足球比赛',
    '博客搬家了',
  ],
  excerpts: [
    '昨天天气很好，所以走到附近的公园去了。樱花还没有全开。',
    '给这篇文章的引用地址发一个试试看，不知道能不能收到。',
    '从车站走五分钟就到。汤的味道非常好，价格也不贵。',
    '说明书上没有写，长按电源键就可以恢复出厂设置。',
    '结局和原著不一样，不过我觉得也还可以。',
    '因为下雨，在家里看了一天的书。咖啡很好喝。',
    '试了几种以后，决定用最轻的那一个。',
    '猫从早上起就一直在睡觉。',
    '下半场踢得不错，可是最后还是丢了一个球。',
    '欢迎留言和引用，请常来看看。',
  ],
  blogNames: ['我的博客', '猫的日记', '旅行与照片', 'My blog', '读书笔记'],
}

const traditional = {
  titles: [
    '春天的散步',
    '新買的相機',
    '引用通告測試',
    '台北小吃介紹',
    '電影觀後感',
    '下雨的星期天',
    'RSS閱讀器比較',
    '我家的貓',
    '足球比賽',
    '部落格搬家了',
  ],
  excerpts: [
    '昨天天氣很好，所以走到附近的公園去了。櫻花還沒有全開。',
    '給這篇文章的引用網址發一個試試看，不知道能不能收到。',
    '從車站走五分鐘就到。湯的味道非常好，價格也不貴。',
    '說明書上沒有寫，長按電源鍵就可以恢復出廠設定。',
    '結局和原著不一樣，不過我覺得也還可以。',
    '因為下雨，在家裡看了一天的書。咖啡很好喝。',
    '試了幾種以後，決定用最輕的那一個。',
    '貓從早上起就一直在睡覺。',
    '下半場踢得不錯，可是最後還是丟了一個球。',
    '歡迎留言和引用，請常來看看。',
  ],
  blogNames: ['我的部落格', '貓的日記', '旅行與照片', 'My blog', '讀書筆記'],
}

const european = {
  titles: [
    'Une journée à la mer',
    'Schöne Grüße aus Köln',
    'Déjà vu',
    'Über das Bloggen',
    'L’été est là',
    'Größe und Maß',
    'Café crème',
    'Früh am Morgen',
    'Où est le chat ?',
    'Äpfel für alle',
  ],
  excerpts: [
    'Hier, il a fait très beau ; nous sommes allés à la plage. Les enfants étaient ravis.',
    'Gestern war das Wetter schön, also sind wir in den Park gegangen. Die Bäume blühen.',
    'J’ai enfin reçu mon nouvel appareil, mais je n’ai pas encore essayé.',
    'Das Buch hat mir gefallen – das Ende weniger. Für 10 € kann man nichts sagen.',
    'Le café « Chez André » est fermé depuis février.',
    'Die Straße vor unserem Haus wird größer, heißt es.',
    'C’était une soirée inoubliable, grâce à vous tous !',
    'Nächste Woche fahre ich nach München und Zürich.',
    'La réponse du ministre n’a pas été jugée crédible.',
    'Mir fällt dazu nur „schade“ ein.',
  ],
  blogNames: ['Mon carnet', 'Notizen', 'Blog de Zoé', 'Bücherwürmer', 'Tagebuch'],
}

interface Texts {
  readonly titles: readonly string[]
  readonly excerpts: readonly string[]
  readonly blogNames: readonly string[]
}

function combine({ titles, excerpts, blogNames }: Texts): SamplePing[] {
  return titles.flatMap((title, row) =>
    excerpts.map((excerpt, column) => ({
      title,
      excerpt,
      blogName: blogNames[(row + column) % blogNames.length] ?? '',
    })),
  )
}

/** 400 Japanese pings: kana, kanji, half-width kana, ①, ～, 髙, mixed with ASCII. */
export const japanesePings: readonly SamplePing[] = combine(japanese)
/** 100 Korean pings. */
export const koreanPings: readonly SamplePing[] = combine(korean)
/** 100 pings in simplified Chinese. */
export const simplifiedPings: readonly SamplePing[] = combine(simplified)
/** 100 pings in traditional Chinese. */
export const traditionalPings: readonly SamplePing[] = combine(traditional)
/** 100 French and German pings, mixed. */
export const europeanPings: readonly SamplePing[] = combine(european)
