import { crc32, deflateSync } from "node:zlib";
import type { AgentFile } from "./runner.ts";

const QUARTERS = [
  ["Q1", 42],
  ["Q2", 61],
  ["Q3", 55],
  ["Q4", 83],
] as const;

const WIDTH = 320;
const HEIGHT = 180;
const PAPER = [0xff, 0xff, 0xff];
const BAR = [0x2b, 0x6c, 0xb0];

/** A table and its bars, made without a drawing library. */
export function demoFiles(): AgentFile[] {
  const rows = QUARTERS.map(([quarter, value]) => `${quarter},${value}`);
  // The mark at the start lets spreadsheets read Chinese.
  const table = `\ufeff季度 quarter,数值 value\n${rows.join("\n")}\n`;
  return [
    { name: "季度数据.png", content: drawBars() },
    { name: "季度数据.csv", content: Buffer.from(table) },
  ];
}

/** A PNG of 8 bits per colour, each line without a filter (RFC 2083). */
function drawBars(): Buffer {
  const lines = Array.from({ length: HEIGHT }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: WIDTH }, (_, x) => (isBar(x, HEIGHT - y) ? BAR : PAPER)).flat()]),
  );
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    pngPart("IHDR", header),
    pngPart("IDAT", deflateSync(Buffer.concat(lines))),
    pngPart("IEND", Buffer.alloc(0)),
  ]);
}

function isBar(x: number, height: number): boolean {
  const column = WIDTH / QUARTERS.length;
  const value = QUARTERS[Math.floor(x / column)]?.[1] ?? 0;
  const inColumn = x % column;
  return inColumn > 12 && inColumn < column - 12 && height > 10 && height < 10 + value * 1.8;
}

function pngPart(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body) >>> 0, 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
