/** The bytes of RESP 2 that stand for themselves. */
export const [CARRIAGE_RETURN, LINE_FEED] = [0x0d, 0x0a];
export const [ARRAY, BULK, INTEGER, SIMPLE, ERROR] = [0x2a, 0x24, 0x3a, 0x2b, 0x2d];
export const [MINUS, ZERO, NINE] = [0x2d, 0x30, 0x39];
