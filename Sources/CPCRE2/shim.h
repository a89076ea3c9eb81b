// UTF-8 is the only code unit width that Offstage uses.
#pragma once
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
