"""A form as it was given, for pages whose fields are not known beforehand."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData


async def given_form(request: Request) -> FormData:
    """Every field of the form."""
    return await request.form()


GivenForm = Annotated[FormData, Depends(given_form)]
