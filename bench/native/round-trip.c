/*
 * The floor of the PC/SC bench: what a C program on libpcsclite takes. Speaks the same little language as the
 * candidates in JavaScript (see src/pcsc/candidate.ts): reads "transmit N" or "insertion" line by line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void check(LONG rv, const char *call) {
  if (rv == SCARD_S_SUCCESS) return;
  fprintf(stderr, "%s: 0x%08lX\n", call, (unsigned long)rv);
  exit(1);
}

static SCARDCONTEXT context;
static SCARDHANDLE card;
static DWORD protocol;

static void transmit(long count) {
  static const unsigned char command[] = {0x00, 0xB0, 0x00, 0x00, 0x00};
  unsigned char response[65538];
  const SCARD_IO_REQUEST *pci = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
  double start = now_us();
  for (long i = 0; i < count; i++) {
    DWORD length = sizeof response;
    check(SCardTransmit(card, pci, command, sizeof command, NULL, response, &length), "SCardTransmit");
    if (length < 2) exit(1);
  }
  printf("%.3f\n", (now_us() - start) / count);
}

static void insertion(const char *reader) {
  SCARD_READERSTATE state = {.szReader = reader, .dwCurrentState = SCARD_STATE_UNAWARE};
  check(SCardGetStatusChange(context, 0, &state, 1), "SCardGetStatusChange");
  printf("ready\n");
  fflush(stdout);
  while (!(state.dwEventState & SCARD_STATE_PRESENT)) {
    state.dwCurrentState = state.dwEventState;
    check(SCardGetStatusChange(context, 60000, &state, 1), "SCardGetStatusChange");
  }
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  printf("%.3f\n", t.tv_sec * 1e3 + t.tv_nsec / 1e6);
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  check(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), "SCardEstablishContext");
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    if (strncmp(line, "transmit ", 9) == 0) {
      if (!card)
        check(SCardConnect(context, argv[1], SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card,
                           &protocol), "SCardConnect");
      transmit(atol(line + 9));
    } else if (strncmp(line, "insertion", 9) == 0) {
      insertion(argv[1]);
    }
    fflush(stdout);
  }
  if (card) SCardDisconnect(card, SCARD_LEAVE_CARD);
  SCardReleaseContext(context);
  return 0;
}
