@INCLUDE             = docs/site/Doxyfile
PROJECT_BRIEF        = "The C interface"
STRIP_FROM_PATH      = include
INPUT                = include/netsession.h
OUTPUT_DIRECTORY     = build/docs
HTML_OUTPUT          = c
OPTIMIZE_OUTPUT_FOR_C = YES
PREDEFINED           = NETSESSION_API= NETSESSION_MUST_CHECK=
