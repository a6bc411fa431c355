from allauth.account.adapter import DefaultAccountAdapter


class PeopleAdapter(DefaultAccountAdapter):
    pass
