#include <convoy.h>

int main(void) { return convoy_abi_version() == CONVOY_ABI_VERSION ? 0 : 1; }
