// libqrencode (https://fukuchi.org/works/qrencode/), loaded when a picture is asked for: the program runs where it is not.
// Each function is the library's own, with another prefix.
#pragma once
#include <qrencode.h>

/// Loads the library, once. 0 when it is there.
int offstage_qr_load(void);
/// Why it is not, for the operator.
const char *offstage_qr_reason(void);

QRcode *offstage_qr_encodeData(int size, const unsigned char *data, int version, QRecLevel level);
void offstage_qr_free(QRcode *code);
