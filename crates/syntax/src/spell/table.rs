//! What every byte may mean to a reader of YAML 1.1 or 1.2.

/// A space: may not stand first or last.
pub(super) const SPACE: u16 = 1;
/// `:` may not stand last or before a space.
pub(super) const COLON: u16 = 1 << 1;
/// `#` may not stand after a space.
pub(super) const HASH: u16 = 1 << 2;
/// A byte that can only be written with an escape.
pub(super) const CONTROL: u16 = 1 << 3;
/// A tab: only inside a line of a literal block, or as an escape.
pub(super) const TAB: u16 = 1 << 4;
/// A line feed.
pub(super) const LINE: u16 = 1 << 5;
/// Part of a character beyond ASCII.
pub(super) const HIGH: u16 = 1 << 6;
/// `"` or `\`, which read better between single quotes.
pub(super) const ESCAPED: u16 = 1 << 7;
/// `'`.
pub(super) const APOSTROPHE: u16 = 1 << 8;
/// As a first byte it has a meaning of its own.
pub(super) const INDICATOR: u16 = 1 << 9;
/// As a first byte it may begin a number or a date.
pub(super) const NUMBER: u16 = 1 << 10;
/// As a first byte it may begin a word for true, false or null, or a merge key.
pub(super) const WORD: u16 = 1 << 11;
/// It may stand in a number or a date: digits of every base, signs, exponents, `.inf`, `.nan`, `T`, `Z`.
pub(super) const NUMERIC: u16 = 1 << 12;

/// What keeps a string from the fast path, wherever it stands.
pub(super) const INNER: u16 = SPACE | COLON | HASH | CONTROL | TAB | LINE | HIGH;
/// What keeps a string from the fast path as its first byte.
pub(super) const FIRST: u16 = INDICATOR | NUMBER | WORD;

pub(super) static TABLE: [u16; 256] = table();

const fn mark(table: &mut [u16; 256], bytes: &[u8], bits: u16) {
    let mut i = 0;
    while i < bytes.len() {
        table[bytes[i] as usize] |= bits;
        i += 1;
    }
}

const fn table() -> [u16; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte {
            0x00..0x20 | 0x7F => CONTROL,
            0x80.. => HIGH,
            _ => 0,
        };
        byte += 1;
    }
    table[b'\t' as usize] = TAB | INDICATOR;
    table[b'\n' as usize] = LINE;
    mark(&mut table, b" ", SPACE);
    mark(&mut table, b":", COLON);
    mark(&mut table, b"#", HASH);
    mark(&mut table, b"\"\\", ESCAPED);
    mark(&mut table, b"'", APOSTROPHE);
    mark(&mut table, b"-?:,[]{}#&*!|>'\"%@`", INDICATOR);
    mark(&mut table, b"0123456789+.", NUMBER);
    mark(&mut table, b"tTfFnNyYoO~=<", WORD);
    mark(&mut table, b"0123456789+-._:, abcdefinotxzABCDEFINOTXZ", NUMERIC);
    table
}
