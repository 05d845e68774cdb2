"""What files hold that no row names: nobody knows, so each goes whole."""

from accounts.models import LooseFile
from backoffice.privacy import Holding, blank, on

HOLDINGS = (Holding(LooseFile, "A file that nothing names.", {LooseFile: on("pk")}, {"file": blank}),)
