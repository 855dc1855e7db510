"""Five wallet hosts in one process, each with a mood; what they store survives their death.

``python -m tests.chaos.hosts PORT LOG`` listens on PORT and the four ports after it. Every push is one line of LOG,
written before the answer: what happened to it, at which host, and the credential's id. A host that is started again
reads nothing back: a credential is kept if a line says so.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys

#: Of each mood: the chance of an answer 500, an answer 429, silence, a lost answer; and the longest delay.
MOODS = (
    (0.00, 0.00, 0.00, 0.02, 0.01),
    (0.25, 0.00, 0.00, 0.02, 0.01),
    (0.00, 0.15, 0.00, 0.02, 0.01),
    (0.02, 0.00, 0.00, 0.02, 0.40),
    (0.00, 0.00, 0.05, 0.02, 0.01),
)


class Host:
    """One host with its mood; *book* is the file that all of them write to."""

    def __init__(self, number: int, book: int) -> None:
        self.number, self.book = number, book
        self.chance = random.Random(number)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await self.answer(await self.read(reader), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def read(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = (line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        return await reader.readexactly(int(next(lengths).partition(b":")[2]))

    async def answer(self, body: bytes, writer: asyncio.StreamWriter) -> None:
        fails, busy, silent, lost, delay = MOODS[self.number]
        await asyncio.sleep(self.chance.uniform(0, delay))
        [what] = self.chance.choices(
            ("500", "429", "silent", "lost", "stored"),
            (fails, busy, silent, lost, 1 - fails - busy - silent - lost),
        )
        os.write(self.book, f"{self.number} {what} {json.loads(body)['id']}\n".encode())
        if what == "lost":
            raise ConnectionError
        if what == "silent":
            await asyncio.sleep(60)
        writer.write(
            {
                "500": b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
                "429": b"HTTP/1.1 429 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
            }.get(what, b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        )
        await writer.drain()


async def main(port: int, log: str) -> None:
    book = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    servers = [
        await asyncio.start_server(Host(number, book).serve, "127.0.0.1", port + number, limit=1 << 20)
        for number in range(len(MOODS))
    ]
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
