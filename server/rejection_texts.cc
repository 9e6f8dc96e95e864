#include "server/rejection_texts.h"

namespace tipgate {
namespace {

constexpr RejectionTextEntry kTexts[] = {
    {
        .code = v1::REJECTION_CODE_EMERGENCY_STOP,
        .rule_ids = "T1 R1",
        .sources = "G21[1]",
        .viewer_zh = "该功能暂时不可用，请稍后再试。",
        .viewer_en = "This is not available for the moment. Please try again later.",
        .staff_zh =
            "紧急停止生效中：范围为全部业务，或该应用、场次、主播、礼物。解除须由两人确认。",
        .staff_en = "An emergency stop is in force: for everything, or for this app, session, "
                    "streamer or gift. It takes two people to lift it.",
    },
    {
        .code = v1::REJECTION_CODE_MINOR_BLOCKED,
        .rule_ids = "T2 R2",
        .sources = "G21[6] M22 C26",
        .viewer_zh = "根据未成年人保护相关规定，当前账号不能完成这笔打赏或充值。",
        .viewer_en =
            "Under the rules that protect minors, this account cannot make this tip or recharge.",
        .staff_zh = "付款人未满18周岁。策略为分龄模式时：未满8周岁，或无监护人同意记录，或超过所在"
                    "年龄段的单笔、单日限额。没有人工放行途径。",
        .staff_en = "The payer is under 18. Where the policy has age bands: under 8, without a "
                    "recorded consent of a guardian, or above the single or daily limit of the "
                    "band. Nobody can let it through by hand.",
    },
    {
        .code = v1::REJECTION_CODE_YOUTH_MODE,
        .rule_ids = "T3 R3",
        .sources = "G21[6]",
        .viewer_zh = "青少年模式下不能打赏和充值。",
        .viewer_en = "Tips and recharges are off in youth mode.",
        .staff_zh = "付款人已开启青少年模式，与年龄无关。退出该模式后即可恢复。",
        .staff_en = "The payer's youth mode is on, whatever their age. It ends with that mode.",
    },
    {
        .code = v1::REJECTION_CODE_REAL_NAME_REQUIRED,
        .rule_ids = "T4 R4",
        .sources = "N78",
        .viewer_zh = "请先完成实名认证，再进行打赏或充值。",
        .viewer_en = "Please complete real-name verification before you tip or recharge.",
        .staff_zh = "付款人未登记、未实名、年龄未知，或身份信息已超过策略规定的有效期。更新身份信息"
                    "后即可恢复。",
        .staff_en = "The payer is unknown, not real-name verified, of unknown age, or known by "
                    "facts older than the policy allows. New facts cure it.",
    },
    {
        .code = v1::REJECTION_CODE_PAYER_FROZEN,
        .rule_ids = "T5 R5",
        .sources = "G21[8]",
        .viewer_zh = "当前账号暂时不能打赏或充值，如有疑问请联系客服。",
        .viewer_en =
            "This account cannot tip or recharge at the moment. Please ask customer service.",
        .staff_zh = "付款人因案件被冻结。解冻须由两人分别确认。请勿向用户透露案件信息。",
        .staff_en = "The payer is frozen by a case. Two people must agree to unfreeze. Do not tell "
                    "the user about the case.",
    },
    {
        .code = v1::REJECTION_CODE_PAYER_PAUSED,
        .rule_ids = "T6 R6",
        .sources = "UK",
        .viewer_zh = "您已开启消费暂停，期间不能打赏和充值，到期后自动恢复。",
        .viewer_en =
            "You have paused your spending. Tips and recharges come back when the pause ends.",
        .staff_zh =
            "付款人自行暂停消费或自我排除，到期自动恢复（见 retry_time）。任何人都不能提前结束。",
        .staff_en =
            "The payer has paused or excluded themself until retry_time. Nobody can end it early.",
    },
    {
        .code = v1::REJECTION_CODE_STREAMER_UNAVAILABLE,
        .rule_ids = "T7 S1",
        .sources = "G21[2,6]",
        .viewer_zh = "该主播当前状态不支持此操作。",
        .viewer_en = "This is not possible with this streamer at the moment.",
        .staff_zh = "主播未登记、未实名、信息已过有效期、未满16周岁，或年满16未满18周岁而无监护人同"
                    "意记录；开播时也可能是策略中已没有该主播的等级。请勿向用户透露主播年龄。",
        .staff_en =
            "The streamer is unknown, not real-name verified, known by outdated facts, under 16, "
            "or 16-17 without a recorded consent of a guardian; at the opening of a session also: "
            "of a tier that the policy no longer has. Do not tell users about the streamer's age.",
    },
    {
        .code = v1::REJECTION_CODE_STREAMER_SUSPENDED,
        .rule_ids = "T8 S2",
        .sources = "G21[10] C26",
        .viewer_zh = "该主播当前状态不支持此操作。",
        .viewer_en = "This is not possible with this streamer at the moment.",
        .staff_zh = "主播因处罚被暂停受赏（有期限的，到期时间见 "
                    "retry_time）或封禁。请勿向用户透露处罚信息。",
        .staff_en = "A sanction suspends what the streamer may receive, until retry_time if there "
                    "is one, or bans them. Do not tell users about it.",
    },
    {
        .code = v1::REJECTION_CODE_SESSION_NOT_OPEN,
        .rule_ids = "T9",
        .sources = "G21[10]",
        .viewer_zh = "本场直播尚未开始或已经结束，不能打赏。",
        .viewer_en = "This live session has not begun or is over, so it takes no tips.",
        .staff_zh = "场次未登记、已关闭，或属于其他主播。请核对场次与主播编号。",
        .staff_en = "The session is unknown, closed, or another streamer's. Compare the ids of "
                    "session and streamer.",
    },
    {
        .code = v1::REJECTION_CODE_SESSION_OVERTIME,
        .rule_ids = "T10",
        .sources = "G21[10]",
        .viewer_zh = "本场直播已到结束时间，不再接受打赏。",
        .viewer_en = "This live session has reached its end and takes no more tips.",
        .staff_zh = "场次已达到该等级的最长直播时长（max_end_time）。主播须关播后重新开播。",
        .staff_en = "The session has lasted as long as its tier allows (max_end_time). The "
                    "streamer must close it and open another.",
    },
    {
        .code = v1::REJECTION_CODE_SELF_TIP,
        .rule_ids = "T11",
        .sources = "D22",
        .viewer_zh = "不能给自己打赏。",
        .viewer_en = "You cannot tip yourself.",
        .staff_zh = "付款人与主播为同一自然人（主播资料中的 payer_id）。",
        .staff_en =
            "The payer and the streamer are the same person (payer_id among the streamer's facts).",
    },
    {
        .code = v1::REJECTION_CODE_GIFT_UNKNOWN,
        .rule_ids = "T12",
        .sources = "own",
        .viewer_zh = "该礼物已下架或价格已更新，请刷新后重试。",
        .viewer_en =
            "This gift is off sale or its price has changed. Please refresh and try again.",
        .staff_zh = "礼物不在目录中、已下架，或请求单价与目录不一致（limit "
                    "为目录价）。请更新客户端的礼物目录。",
        .staff_en = "The gift is not in the catalogue, off sale, or has another price there (which "
                    "limit tells). Update the client's catalogue.",
    },
    {
        .code = v1::REJECTION_CODE_GIFT_PRICE_CAP,
        .rule_ids = "T13",
        .sources = "G21[10]",
        .viewer_zh = "该礼物暂不可赠送，请选择其他礼物。",
        .viewer_en = "This gift cannot be sent at present. Please choose another.",
        .staff_zh = "礼物单价超过策略的单个虚拟消费品上限（gift_price_max）。",
        .staff_en =
            "The gift's unit price is above the policy's cap of one virtual item (gift_price_max).",
    },
    {
        .code = v1::REJECTION_CODE_TIP_CAP,
        .rule_ids = "T14",
        .sources = "G21[10] N78",
        .viewer_zh = "本次打赏超过您的单次打赏限额，请减少金额。",
        .viewer_en = "This tip is above your limit for one tip. Please send less.",
        .staff_zh = "单价×数量超过有效单次限额；限额来源（策略、用户等级、自设、监护人、风控）见 "
                    "origin，可通过的金额见 amount_max。",
        .staff_en =
            "Unit price × count is above the effective limit of one tip; origin tells whose limit "
            "it is (policy, payer tier, self, guardian, risk), amount_max what would pass.",
    },
    {
        .code = v1::REJECTION_CODE_COOLING_OFF,
        .rule_ids = "T15",
        .sources = "G21[10]",
        .viewer_zh = "您正处于打赏冷静期，结束后可继续打赏。",
        .viewer_en = "You are in a cooling-off period. You can tip again when it ends.",
        .staff_zh = "付款人处于冷静期：由大额打赏、时间窗内累计金额或次数触发，或由工作人员手动开启"
                    "；到期自动恢复（见 retry_time）。",
        .staff_en = "The payer cools off until retry_time: after a large tip, after a sum or count "
                    "within the window, or because staff began it.",
    },
    {
        .code = v1::REJECTION_CODE_DAY_LIMIT,
        .rule_ids = "T16",
        .sources = "N78",
        .viewer_zh = "本次打赏将超出您今日的打赏限额。",
        .viewer_en = "This tip would take you over your limit for today.",
        .staff_zh = "当日累计加本次金额超过有效单日限额；来源见 origin，可通过的金额见 "
                    "amount_max，次日零点（策略时区）重新计算。",
        .staff_en = "The day's total with this tip is above the effective day limit; origin tells "
                    "whose limit it is, amount_max what would pass. The count starts again at "
                    "midnight of the policy's time zone.",
    },
    {
        .code = v1::REJECTION_CODE_MONTH_LIMIT,
        .rule_ids = "T17",
        .sources = "N78",
        .viewer_zh = "本次打赏将超出您本月的打赏限额。",
        .viewer_en = "This tip would take you over your limit for this month.",
        .staff_zh = "当月累计加本次金额超过有效单月限额；来源见 origin，可通过的金额见 "
                    "amount_max，次月1日零点（策略时区）重新计算。",
        .staff_en = "The month's total with this tip is above the effective month limit; origin "
                    "tells whose limit it is, amount_max what would pass. The count starts again "
                    "on the first of the month.",
    },
    {
        .code = v1::REJECTION_CODE_CONFIRMATION_REQUIRED,
        .rule_ids = "T18 B3 W4",
        .sources = "N78 C26 UK",
        .viewer_zh = "请先完成消费确认（如短信验证），再继续操作。",
        .viewer_en = "Please confirm first, for example by text message, and then go on.",
        .staff_zh = "累计打赏将达到当日或当月（见 "
                    "period）的确认门槛，或用户要调高、取消自设限额、关闭消费提醒，须先由本人完成二"
                    "次确认（StartConfirmation、CompleteConfirmation）。",
        .staff_en = "The tip would take the day or month (period) to its confirmation gate, or the "
                    "payer wants to raise or remove a limit of their own or to switch reminders "
                    "off: they must confirm first (StartConfirmation, CompleteConfirmation).",
    },
    {
        .code = v1::REJECTION_CODE_SESSION_CAP,
        .rule_ids = "T19",
        .sources = "G21[10]",
        .viewer_zh = "本场直播暂不再接受该金额的打赏。",
        .viewer_en = "This live session takes no more tips of this amount.",
        .staff_zh = "场次累计受赏加本次金额超过主播等级的单场受赏总额上限（session_received_"
                    "max；策略中已没有该等级时为0）。请勿向用户透露上限。",
        .staff_en = "What the session has received, with this tip, is above the cap of the "
                    "streamer's tier (session_received_max; 0 if the policy no longer has the "
                    "tier). Do not tell users the cap.",
    },
    {
        .code = v1::REJECTION_CODE_INSUFFICIENT_BALANCE,
        .rule_ids = "T20",
        .sources = "own",
        .viewer_zh = "余额不足。",
        .viewer_en = "Your balance is too low.",
        .staff_zh = "打赏金额超过付款人余额；仅在策略设为由本系统管理余额时适用。",
        .staff_en = "The tip is above the payer's balance; only where the policy lets the gate "
                    "manage balances.",
    },
    {
        .code = v1::REJECTION_CODE_RECHARGE_CAP,
        .rule_ids = "R7",
        .sources = "own",
        .viewer_zh = "单笔充值金额超过上限，请减少金额。",
        .viewer_en =
            "This recharge is above the limit for one recharge. Please choose a smaller amount.",
        .staff_zh = "充值金额超过策略的单笔充值上限。",
        .staff_en = "The recharge is above the policy's cap of one recharge.",
    },
    {
        .code = v1::REJECTION_CODE_RECHARGE_DAY_LIMIT,
        .rule_ids = "R8",
        .sources = "own",
        .viewer_zh = "本次充值将超出您今日的充值限额。",
        .viewer_en = "This recharge would take you over your limit for today.",
        .staff_zh =
            "当日充值累计（含未到账的）加本次金额超过单日充值限额，次日零点（策略时区）重新计算。",
        .staff_en = "The day's recharges, held ones included, are above the day limit with this "
                    "one. The count starts again at midnight of the policy's time zone.",
    },
    {
        .code = v1::REJECTION_CODE_RECHARGE_MONTH_LIMIT,
        .rule_ids = "R9",
        .sources = "own",
        .viewer_zh = "本次充值将超出您本月的充值限额。",
        .viewer_en = "This recharge would take you over your limit for this month.",
        .staff_zh = "当月充值累计（含未到账的）加本次金额超过单月充值限额，次月1日零点（策略时区）"
                    "重新计算。",
        .staff_en = "The month's recharges, held ones included, are above the month limit with "
                    "this one. The count starts again on the first of the month.",
    },
    {
        .code = v1::REJECTION_CODE_SESSION_ALREADY_OPEN,
        .rule_ids = "S3",
        .sources = "G21[10]",
        .viewer_zh = "您有一场直播尚未结束，请先结束后再开播。",
        .viewer_en = "You have a live session that is still open. Please end it first.",
        .staff_zh = "主播已有未关闭的场次，同一时间只能有一场。",
        .staff_en = "The streamer has a session that is not closed; there is one at a time.",
    },
    {
        .code = v1::REJECTION_CODE_SESSION_COUNT_LIMIT,
        .rule_ids = "S4",
        .sources = "G21[10]",
        .viewer_zh = "您今日的开播场次已达上限，请明日再开播。",
        .viewer_en =
            "You have opened as many live sessions as you may today. Please come back tomorrow.",
        .staff_zh = "主播当日开播场次已达其等级的单日场次上限，次日零点（策略时区）重新计算。",
        .staff_en = "The streamer has opened as many sessions today as the tier allows. The count "
                    "starts again at midnight of the policy's time zone.",
    },
    {
        .code = v1::REJECTION_CODE_SESSION_INTERVAL,
        .rule_ids = "S5",
        .sources = "G21[10]",
        .viewer_zh = "距上一场直播结束的时间过短，请稍后再开播。",
        .viewer_en = "Your last live session ended too short a time ago. Please wait before you "
                     "open another.",
        .staff_zh = "距上一场关播未满该等级的场次时间间隔，到期可开播（见 retry_time）。",
        .staff_en =
            "The tier's interval since the last session's close is not over; it is at retry_time.",
    },
};

}  // namespace

absl::Span<const RejectionTextEntry> RejectionTexts() { return kTexts; }

}  // namespace tipgate
