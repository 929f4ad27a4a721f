/** Emoji by their short names: the ones that a workspace of engineers writes. */

const NAMES = `
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|heavy_multiplication_x ✖️|warning ⚠️|no_entry ⛔
no_entry_sign 🚫|octagonal_sign 🛑|rotating_light 🚨|red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢
large_blue_circle 🔵|large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|radio_button 🔘|small_red_triangle 🔺
small_red_triangle_down 🔻|small_orange_diamond 🔸|small_blue_diamond 🔹|large_orange_diamond 🔶|large_blue_diamond 🔷
black_square ◼️|white_square ◻️|black_small_square ▪️|white_small_square ▫️|black_medium_square ◼️|white_medium_square ◻️
black_large_square ⬛|white_large_square ⬜|large_red_square 🟥|large_green_square 🟩|large_yellow_square 🟨|large_blue_square 🟦
large_orange_square 🟧|large_purple_square 🟪|fire 🔥|bell 🔔|no_bell 🔕|mute 🔇|hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️
alarm_clock ⏰|clock1 🕐|clock3 🕒|timer_clock ⏲️|calendar 📆|date 📅|spiral_calendar_pad 🗓️|mag 🔍|mag_right 🔎|eyes 👀|eye 👁️
memo 📝|pencil 📝|pencil2 ✏️|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|gear ⚙️|nut_and_bolt 🔩|toolbox 🧰|rewind ⏪
fast_forward ⏩|arrow_forward ▶️|arrow_backward ◀️|double_vertical_bar ⏸️|black_square_for_stop ⏹️|leftwards_arrow_with_hook ↩️
arrow_right_hook ↪️|arrows_counterclockwise 🔄|repeat 🔁|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️
arrow_upper_right ↗️|arrow_lower_right ↘️|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|question ❓
grey_question ❔|exclamation ❗|grey_exclamation ❕|bangbang ‼️|information_source ℹ️|bust_in_silhouette 👤|busts_in_silhouette 👥
pushpin 📌|round_pushpin 📍|rocket 🚀|zzz 💤|sleeping 😴|lock 🔒|unlock 🔓|closed_lock_with_key 🔐|key 🔑|tada 🎉|speech_balloon 💬
thought_balloon 💭|loudspeaker 📢|mega 📣|page_facing_up 📄|page_with_curl 📃|clipboard 📋|file_folder 📁|open_file_folder 📂
card_file_box 🗃️|package 📦|inbox_tray 📥|outbox_tray 📤|paperclip 📎|link 🔗|book 📖|books 📚|notebook 📓|label 🏷️|bookmark 🔖
bulb 💡|brain 🧠|robot_face 🤖|microscope 🔬|test_tube 🧪|telescope 🔭|satellite_antenna 📡|computer 💻|desktop_computer 🖥️
floppy_disk 💾|electric_plug 🔌|battery 🔋|zap ⚡|boom 💥|bomb 💣|fire_engine 🚒|fire_extinguisher 🧯|ambulance 🚑|helmet_with_white_cross ⛑️
shield 🛡️|construction 🚧|checkered_flag 🏁|triangular_flag_on_post 🚩|white_flag 🏳️|dart 🎯|trophy 🏆|medal 🏅|star ⭐|sparkles ✨
100 💯|+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|raised_hands 🙌|clap 👏|pray 🙏|wave 👋|raised_hand ✋|hand ✋|point_up ☝️
point_right 👉|point_left 👈|point_down 👇|muscle 💪|handshake 🤝|smile 😄|grinning 😀|slightly_smiling_face 🙂|grin 😁|joy 😂|wink 😉
thinking_face 🤔|neutral_face 😐|disappointed 😞|cry 😢|sob 😭|sweat_smile 😅|scream 😱|exploding_head 🤯|face_with_monocle 🧐
heart ❤️|green_heart 💚|yellow_heart 💛|broken_heart 💔|coffee ☕|pager 📟|phone ☎️|telephone_receiver 📞|iphone 📱|email 📧|envelope ✉️
sos 🆘|new 🆕|free 🆓|up 🆙|cool 🆒|ok 🆗|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|zero 0️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|scales ⚖️
balance_scale ⚖️|money_with_wings 💸|earth_americas 🌎|globe_with_meridians 🌐|sunny ☀️|cloud ☁️|thunder_cloud_and_rain ⛈️|snowflake ❄️
ocean 🌊|seedling 🌱|bug 🐛|beetle 🐞|snail 🐌|turtle 🐢|ghost 👻|skull 💀|wastebasket 🗑️|recycle ♻️|infinity ♾️|heavy_plus_sign ➕
heavy_minus_sign ➖|wavy_dash 〰️|end 🔚|soon 🔜|back 🔙|ladder 🪜|adhesive_bandage 🩹|stethoscope 🩺|pill 💊|thermometer 🌡️`;

const EMOJI = new Map(
  NAMES.trim().split(/[|\n]/).map((pair) => {
    const gap = pair.indexOf(" ");
    return [pair.slice(0, gap), pair.slice(gap + 1)];
  }),
);

/** What people reach for first when they react. */
export const QUICK = ["white_check_mark", "eyes", "raised_hands"];

/** The character of a short name (skin tones are ignored), or null when it is not known. */
export function emojiCharacter(name) {
  return EMOJI.get(name.replace(/::skin-tone-\d/, "")) ?? null;
}

/** Short names that begin with or contain `part`, best first. */
export function emojiNames(part) {
  const names = [...EMOJI.keys()].filter((name) => name.includes(part));
  return names.sort((one, other) => Number(other.startsWith(part)) - Number(one.startsWith(part)));
}
